package dev.doorbell.benchmarks;

import dev.doorbell.benchmarks.lab.Lab;
import dev.doorbell.benchmarks.measure.BenchmarkException;
import dev.doorbell.benchmarks.report.Report;
import dev.doorbell.benchmarks.report.Table;
import dev.doorbell.benchmarks.scenario.Plan;
import dev.doorbell.benchmarks.scenario.Scenario;
import dev.doorbell.localstack.LocalStackException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Clock;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * {@code mvn -q -Pbenchmarks -pl benchmarks -am package}: starts PostgreSQL and Kafka, measures, writes the results
 * below {@code benchmarks/target} and ends all that it started, also after Ctrl-C. Exits 1 when nothing could be
 * measured or a measurement failed.
 */
public final class BenchmarksMain {
    private static final long START = System.nanoTime();

    private BenchmarksMain() {}

    public static void main(String[] args) {
        // Before the first logger: the output of this program is for a person.
        System.setProperty("logback.configurationFile", "benchmarks-logback.xml");
        Arguments arguments;
        List<Scenario> scenarios;
        try {
            arguments = Arguments.parse(args);
            scenarios = Catalogue.select(arguments);
        } catch (IllegalArgumentException e) {
            System.err.println("benchmarks: " + e.getMessage());
            System.exit(1);
            return;
        }
        if (arguments.help()) {
            System.out.print(Arguments.HELP + Catalogue.describe());
            return;
        }
        System.exit(run(arguments, scenarios));
    }

    private static int run(Arguments arguments, List<Scenario> scenarios) {
        Path root = Path.of(System.getProperty("benchmarks.root", "")).toAbsolutePath();
        Path output = root.resolve("benchmarks/target/benchmarks")
                .resolve(DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss", Locale.ROOT)
                        .format(LocalDateTime.now(Clock.systemDefaultZone())));
        Plan plan = arguments.quick() ? Plan.quickLook(arguments.rounds()) : Plan.full(arguments.rounds());
        Closing closing = new Closing();
        Runtime.getRuntime().addShutdownHook(new Thread(closing::close, "benchmarks-stop"));
        try {
            Lab lab = closing.closeAtEnd(Lab.open(root, output, BenchmarksMain::say));
            Report report = new Report(plan.quick(), Machine.describe(postgresVersion(lab)), Goals.all());
            boolean failed =
                    new Turns(lab, plan, report, output, BenchmarksMain::say, closing::isClosed).take(scenarios);
            System.out.println();
            System.out.print(Table.of(report));
            System.out.println();
            say("results.json, results.md, chart.svg and logs: " + output);
            return failed ? 1 : 0;
        } catch (LocalStackException | BenchmarkException e) {
            System.err.println("benchmarks: " + e.getMessage());
            return 1;
        } finally {
            closing.close();
        }
    }

    private static String postgresVersion(Lab lab) {
        try (Connection connection = DriverManager.getConnection(lab.postgres().jdbcUrl("postgres"))) {
            return connection.getMetaData().getDatabaseProductVersion() + ", fsync and synchronous_commit on";
        } catch (SQLException e) {
            throw new BenchmarkException("postgresql", e);
        }
    }

    private static synchronized void say(String line) {
        long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - START);
        System.out.printf(Locale.ROOT, "%4d:%02d  %s%n", seconds / 60, seconds % 60, line);
        System.out.flush();
    }
}
