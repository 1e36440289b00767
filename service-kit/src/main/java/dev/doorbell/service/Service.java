package dev.doorbell.service;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Deployable;
import io.vertx.core.Vertx;
import io.vertx.micrometer.MetricsDomain;
import io.vertx.micrometer.MicrometerMetricsFactory;
import io.vertx.micrometer.MicrometerMetricsOptions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A service as a process: {@code java -jar x.jar [--help | --version | command]}. Without arguments it reads its
 * settings, deploys its verticle and serves until SIGTERM, then undeploys (which finishes the work in hand) and exits
 * 0. Whatever is wrong with the settings or the start is a line on standard error and exit 1.
 */
public final class Service {
    /** Makes the verticle; throws {@link ConfigException} for settings that cannot be used. */
    @FunctionalInterface
    public interface Starter {
        Deployable create(Environment environment, PrometheusMeterRegistry metrics);
    }

    /** A command that does its work and ends; what it throws becomes one line and exit 1. */
    @FunctionalInterface
    public interface Command {
        void run(Environment environment, List<String> arguments);
    }

    /** A command whose answer is its exit code; 1 is for what it throws. */
    @FunctionalInterface
    public interface CheckCommand {
        int run(Environment environment, List<String> arguments);
    }

    private record NamedCommand(String usage, String description, CheckCommand command) {}

    /** Requests and a check in work may take 10 s, then handlers 8 s, then Kafka and the connections want to be closed. */
    private static final long STOP_TIMEOUT_S = 50;

    private final String name;
    private final String summary;
    private final List<Setting<?>> settings;
    private final Map<String, NamedCommand> commands = new LinkedHashMap<>();
    private final Starter starter;

    public Service(String name, String summary, List<Setting<?>> settings, Starter starter) {
        this.name = name;
        this.summary = summary;
        this.settings =
                Stream.concat(settings.stream(), Stream.of(Setting.logLevel())).toList();
        this.starter = starter;
    }

    /** @param usage the command's name, then its options as {@code --help} shows them */
    public Service command(String usage, String description, Command command) {
        return checkCommand(usage, description, (environment, arguments) -> {
            command.run(environment, arguments);
            return 0;
        });
    }

    /** The same for a command that tells by its exit code what it found. */
    public Service checkCommand(String usage, String description, CheckCommand command) {
        commands.put(usage.split(" ", 2)[0], new NamedCommand(usage, description, command));
        return this;
    }

    /** Runs the process to its end; call it last in {@code main}. */
    public void main(String[] args) {
        List<String> arguments = List.of(args);
        if (arguments.isEmpty()) {
            serve();
        } else if (arguments.contains("--help") || arguments.contains("-h")) {
            System.out.print(help());
        } else if (arguments.equals(List.of("--version"))) {
            System.out.println(name + " " + version());
        } else if (commands.containsKey(arguments.get(0))) {
            runCommand(commands.get(arguments.get(0)).command(), arguments.subList(1, arguments.size()));
        } else {
            fail("\"" + arguments.get(0) + "\" is no command or option of it; see --help");
        }
    }

    /**
     * Adds the command {@code migrate} for the database of DATABASE_URL.
     *
     * @param folder the service's migrations below {@code db/}
     */
    public Service migrateCommand(String folder) {
        return command("migrate", "creates or updates the tables of DATABASE_URL", (environment, arguments) -> {
            DatabaseUrl url = environment.get(ServiceSettings.DATABASE_URL);
            environment.check();
            List<String> applied = new Migrations(url, folder).migrate();
            applied.forEach(migration -> System.out.println(url + ": applied " + migration));
            System.out.println(url + ": " + (applied.isEmpty() ? "is up to date" : "is migrated"));
        });
    }

    private void runCommand(CheckCommand command, List<String> arguments) {
        try {
            int status = command.run(new Environment(System.getenv()), arguments);
            // Libraries of a command may leave threads behind; its work is done when it returns.
            System.exit(status);
        } catch (ConfigException e) {
            fail(e.problems().toArray(String[]::new));
        } catch (RuntimeException e) {
            fail(Migrations.reason(e));
        }
    }

    private void serve() {
        PrometheusMeterRegistry metrics = Metrics.ofProcess();
        Deployable verticle;
        try {
            Environment environment = new Environment(System.getenv());
            environment.get(Setting.logFormat());
            environment.get(Setting.logLevel());
            verticle = starter.create(environment, metrics);
            environment.check();
        } catch (ConfigException e) {
            fail(e.problems().toArray(String[]::new));
            return;
        }
        Vertx vertx = vertx(metrics);
        // Whichever comes first decides how the process ends: a failed start, or the signal to stop.
        AtomicBoolean ending = new AtomicBoolean();
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            if (ending.compareAndSet(false, true)) {
                                stop(vertx);
                            }
                        },
                        name + "-stop"));
        vertx.deployVerticle(verticle).onFailure(error -> {
            if (!ending.compareAndSet(false, true)) {
                // The stop fails a start that still waits. An exit from here would wait for the stop, for ever.
                return;
            }
            if (error instanceof StartException || error instanceof ConfigException) {
                fail(error.getMessage());
            } else {
                log().error("{} cannot start", name, error);
                fail("cannot start: " + Migrations.reason(error));
            }
        });
    }

    /** Vert.x with its pool and client metrics in {@code metrics}. */
    public static Vertx vertx(PrometheusMeterRegistry metrics) {
        return Vertx.builder()
                .withMetrics(new MicrometerMetricsFactory(metrics))
                .with(new io.vertx.core.VertxOptions()
                        .setPreferNativeTransport(true)
                        .setMetricsOptions(new MicrometerMetricsOptions()
                                .setEnabled(true)
                                // RequestMetrics says why.
                                .addDisabledMetricsCategory(MetricsDomain.HTTP_SERVER)
                                .addDisabledMetricsCategory(MetricsDomain.NET_SERVER)))
                .build();
    }

    /** The JVM's own exit status after SIGTERM would be 143; an orderly stop is a success. */
    private void stop(Vertx vertx) {
        log().info("{} stops: finishing what is in work", name);
        int status = 0;
        try {
            vertx.close().toCompletionStage().toCompletableFuture().get(STOP_TIMEOUT_S, TimeUnit.SECONDS);
            log().info("{} has stopped", name);
        } catch (Exception e) {
            log().error("{} could not stop in {} s", name, STOP_TIMEOUT_S, e);
            status = 1;
        }
        Runtime.getRuntime().halt(status);
    }

    private void fail(String... lines) {
        for (String line : lines) {
            System.err.println(name + ": " + line);
        }
        // From an event loop too: exit runs the hooks on threads of their own and never returns.
        System.exit(1);
    }

    String help() {
        StringBuilder help = new StringBuilder();
        help.append(name)
                .append(" ")
                .append(version())
                .append(": ")
                .append(summary)
                .append("\n\nUsage: java -jar ");
        help.append(name).append(".jar [command]\n\n");
        commands.values()
                .forEach(command -> help.append("  %-46s %s%n".formatted(command.usage(), command.description())));
        help.append("  %-46s %s%n".formatted("--help", "prints this"));
        help.append("  %-46s %s%n".formatted("--version", "prints the version"));
        help.append("\nWithout a command it serves until SIGTERM. Settings, from the environment:\n\n");
        for (Setting<?> setting : settings) {
            String value = setting.required() ? "required" : "default " + setting.defaultText();
            help.append("  %s%n      %s%n      %s; %s%n"
                    .formatted(setting.name(), setting.description(), setting.unit(), value));
        }
        return help.toString();
    }

    private static String version() {
        String version = Service.class.getPackage().getImplementationVersion();
        return version == null ? "(unpackaged)" : version;
    }

    /** Made late: logging reads LOG_FORMAT when it first wakes up. */
    private static Logger log() {
        return LoggerFactory.getLogger(Service.class);
    }
}
