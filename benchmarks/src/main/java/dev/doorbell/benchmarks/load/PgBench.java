package dev.doorbell.benchmarks.load;

import dev.doorbell.benchmarks.lab.Database;
import dev.doorbell.benchmarks.lab.Lab;
import dev.doorbell.benchmarks.measure.BenchmarkException;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** PostgreSQL's own load generator, prepared statements. */
final class PgBench implements Writers {
    private static final int THREADS = 2;
    /** Its time begins before its connections are made. */
    private static final long SECONDS_MIN = 5;
    /** On a machine so busy that connecting takes longer than that, it is given more time, up to this. */
    private static final long SECONDS_MAX = 60;

    private static final Pattern PROCESSED = Pattern.compile("number of transactions actually processed: (\\d+)");
    private static final Pattern RATE = Pattern.compile("tps = ([0-9.]+) \\(without initial connection time\\)");

    private final Path program;

    private PgBench(Path program) {
        this.program = program;
    }

    static Optional<PgBench> find() {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .map(directory -> Path.of(directory, "pgbench"))
                .filter(Files::isExecutable)
                .findFirst()
                .map(PgBench::new);
    }

    @Override
    public String description() {
        return "pgbench of the PATH";
    }

    @Override
    public Done write(Lab lab, Database database, WriterScript script, int connections, Duration duration) {
        Path file = lab.scratch().resolve(database.name() + ".pgbench");
        try {
            Files.writeString(file, script.text());
        } catch (IOException e) {
            throw new BenchmarkException(file + " cannot be written", e);
        }
        long seconds = Math.max(SECONDS_MIN, duration.toSeconds());
        Done done = run(lab, database, file, connections, seconds);
        while (done.transactions() == 0) {
            seconds *= 2;
            if (seconds > Math.max(SECONDS_MAX, duration.toSeconds())) {
                throw new BenchmarkException("pgbench made no transaction: connecting its clients took the whole time");
            }
            done = run(lab, database, file, connections, seconds);
        }
        return done;
    }

    private Done run(Lab lab, Database database, Path file, int connections, long seconds) {
        List<String> lines = lab.runProgram(
                "pgbench",
                // By the environment: arguments can be seen by all users of the machine.
                Map.of("PGPASSWORD", lab.postgres().password()),
                List.of(
                        program.toString(),
                        "--no-vacuum",
                        "--protocol=prepared",
                        "--client=" + connections,
                        "--jobs=" + Math.min(THREADS, connections),
                        "--time=" + seconds,
                        "--file=" + file,
                        "--host=127.0.0.1",
                        "--port=" + lab.postgres().port(),
                        "--username=" + lab.postgres().user(),
                        database.name()));
        return parse(lines);
    }

    static Done parse(List<String> lines) {
        String text = String.join("\n", lines);
        long transactions = Long.parseLong(find(PROCESSED, text));
        // Without a transaction it prints no rate.
        return new Done(transactions, transactions == 0 ? 0 : Double.parseDouble(find(RATE, text)));
    }

    private static String find(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        if (!matcher.find()) {
            throw new BenchmarkException("pgbench said something else: " + text);
        }
        return matcher.group(1);
    }
}
