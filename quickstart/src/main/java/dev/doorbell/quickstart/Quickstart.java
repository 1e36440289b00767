package dev.doorbell.quickstart;

import dev.doorbell.localstack.LocalStack;
import dev.doorbell.localstack.LocalStackException;
import dev.doorbell.localstack.Ports;
import dev.doorbell.localstack.Progress;
import dev.doorbell.service.ConfigException;
import dev.doorbell.service.Migrations;
import dev.doorbell.service.StartException;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CountDownLatch;

/**
 * {@code mvn -q compile exec:exec}: starts everything, registers two customers, shows what happened and how
 * one of them signs in, and stays up. Exits 1 when something cannot start or a sample does not end as it must.
 */
public final class Quickstart {
    private static final int POSTGRES_PORT = 5432;
    private static final int KAFKA_PORT = 9092;

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

    private Quickstart() {}

    public static void main(String[] args) {
        // Before the first logger: the output of this program is for a person, the services' logs only where they warn.
        System.setProperty("logback.configurationFile", "quickstart-logback.xml");
        long startedAt = System.nanoTime();
        QuickstartArguments arguments;
        try {
            arguments = QuickstartArguments.parse(args);
        } catch (IllegalArgumentException e) {
            System.err.println("quickstart: " + e.getMessage());
            System.exit(1);
            return;
        }
        if (arguments.help()) {
            System.out.print(QuickstartArguments.HELP);
            return;
        }
        System.exit(run(arguments, startedAt));
    }

    private static int run(QuickstartArguments arguments, long startedAt) {
        Progress progress = line -> say("  " + line);
        say("Doorbell quickstart: starting PostgreSQL, Kafka and Keycloak as child processes");
        try (Shutdown shutdown = Shutdown.withSignals()) {
            Users users = shutdown.closeAtEnd(Users.begin(System.getenv(), arguments, progress));
            LocalStack stack = shutdown.closeAtEnd(StackStarter.start(
                    arguments, Ports.firstFreeFrom(POSTGRES_PORT), Ports.firstFreeFrom(KAFKA_PORT), progress));
            Services services = shutdown.closeAtEnd(Services.start(stack, users.settings(), progress));
            HttpClient client =
                    HttpClient.newBuilder().connectTimeout(CONNECT_TIMEOUT).build();
            Readiness.await(
                    client,
                    List.of(services.customerAddress(), services.paymentAddress(), services.relayAddress()),
                    users.comeLater());
            say(String.format(
                    Locale.ROOT,
                    "%s is up after %.1f s.%n",
                    users.areComing() ? "Everything but Keycloak" : "Everything",
                    (System.nanoTime() - startedAt) / 1e9));
            boolean asExpected = registerSamples(client, stack, services, users);
            if (arguments.exit()) {
                say("Done: " + (asExpected ? "everything ended as it should." : "something did not end as it should."));
                return asExpected ? 0 : 1;
            }
            say(Endpoints.describe(stack, services, users));
            awaitSignal();
            return 0;
        } catch (LocalStackException | ServicesException | StartException | ConfigException e) {
            System.err.println("quickstart: " + e.getMessage());
            return 1;
        } catch (RuntimeException e) {
            // Kafka's client and the like, whose messages were not made to be a user's only line.
            System.err.println("quickstart: " + e.getClass().getSimpleName() + ": " + Migrations.reason(e));
            return 1;
        }
    }

    private static boolean registerSamples(HttpClient client, LocalStack stack, Services services, Users users) {
        boolean asExpected = true;
        Duration limit = users.registrationLimit();
        try (Timeline timeline = Timeline.of(stack.kafka().bootstrapServers())) {
            for (Sample sample : List.of(Sample.withEnoughBalance(), Sample.withoutBalance())) {
                if (users.areComing()) {
                    say("Keycloak is still starting. Registrations are accepted, and settle when it is up.\n");
                }
                SampleResult result = sample.register(client, services.customerAddress(), limit);
                say(timeline.tell(sample, result, limit));
                boolean ended = result.status().equals(sample.expectedStatus());
                asExpected &= ended;
                if (ended && users.areThere() && result.status().equals("REGISTRATION_SUCCESS")) {
                    asExpected &= signIn(client, services, users, result);
                }
            }
        }
        return asExpected;
    }

    private static boolean signIn(HttpClient client, Services services, Users users, SampleResult registered) {
        String keycloakUrl = users.awaitKeycloak().url();
        // By now; what is left is the reading of the keys.
        Readiness.await(client, List.of(services.customerAddress(), services.paymentAddress()), Set.of());
        Tour tour = new Tour(client, services, keycloakUrl).take(registered.accepted());
        say(tour.lines());
        return tour.isAsExpected();
    }

    /** Until Ctrl-C or SIGTERM: the hook closes everything, then the JVM ends. */
    private static void awaitSignal() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static synchronized void say(String line) {
        System.out.println(line);
        System.out.flush();
    }
}
