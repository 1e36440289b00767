package dev.doorbell.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.doorbell.localstack.OwnedDirectory;
import dev.doorbell.localstack.Ports;
import dev.doorbell.system.harness.Database;
import dev.doorbell.system.harness.RunningSystem;
import dev.doorbell.system.harness.ServiceJar;
import dev.doorbell.system.harness.ServiceProcess;
import dev.doorbell.system.harness.SystemExtension;
import dev.doorbell.system.harness.Waiting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * What docs/use-the-library.md tells a reader to copy is compiled and run as it stands there: its classes as processes of
 * their own on a database of their own, its SQL, and the commands of the relay.
 */
@ExtendWith(SystemExtension.class)
class UseTheLibraryIT {
    private static final int JAVA_LINES_MAX = 59;
    private static final Pattern RELAY = Pattern.compile(
            "(?m)^RELAY_SOURCES=(\\S+) java -jar relay-verticle/target/relay-verticle\\.jar( migrate| &)$");

    private final OwnedDirectory owner = OwnedDirectory.create("library");
    private final List<Process> started = new ArrayList<>();
    private final RunningSystem system;
    private final MarkdownBlocks document;
    private final String orders;

    @TempDir
    Path classes;

    private Database database;

    UseTheLibraryIT(RunningSystem system) throws IOException {
        this.system = system;
        document = MarkdownBlocks.of("docs/use-the-library.md");
        orders = document.block("java", "public class Orders ");
    }

    @BeforeEach
    void makeTablesAndStartTheRelay() throws IOException {
        compile("Orders", orders);
        compile("ReplayOrder", document.block("java", "public class ReplayOrder "));
        database = system.createDatabase("orders");
        database.execute(document.block("sql", "CREATE TABLE orders "));
        Matcher commands = RELAY.matcher(document.block("sh", "RELAY_SOURCES="));
        assertThat(commands.results()).hasSize(2);
        commands.reset();
        commands.find();
        assertThat(commands.group(2)).isEqualTo(" migrate");
        ServiceProcess migration = system.run(ServiceJar.RELAY, relay(commands.group(1)), "migrate");
        assertThat(migration.exitCode()).as("%s", migration.output()).isZero();
        commands.find();
        Map<String, String> settings = relay(commands.group(1));
        settings.put("HTTP_PORT", Integer.toString(Ports.free()));
        system.startAnother(ServiceJar.RELAY, settings).awaitReady();
    }

    private Map<String, String> relay(String sources) {
        return new HashMap<>(Map.of(
                "RELAY_SOURCES",
                sources.replace("$DATABASE_URL", system.databaseUrl("orders")),
                "KAFKA_BOOTSTRAP_SERVERS",
                system.stack().kafka().bootstrapServers()));
    }

    @AfterEach
    void close() {
        started.forEach(process -> process.destroyForcibly().onExit().join());
        owner.close();
    }

    @Test
    void aReadersServiceShipsWhatIsOrderedAndReplaysWhatCouldNotBe() throws IOException {
        assertThat(orders.lines()).hasSizeLessThanOrEqualTo(JAVA_LINES_MAX);

        Path output = run("Orders", "book", "nonsense");
        Waiting.until("the book is shipped").until(() -> shipments("book") == 1);
        String nonsense = database.text("SELECT id::text FROM orders WHERE product = 'nonsense'");
        Waiting.until("nonsense is a dead letter")
                .until(() -> database.number("SELECT count(*) FROM dead_letter") == 1);
        // As the document shows it.
        assertThat(database.texts("SELECT reason || ', ' || cause || ', ' || convert_from(record_key, 'UTF8') FROM"
                        + " dead_letter WHERE consumer = 'shipping'"))
                .containsExactly("POISON, There is no such product., " + nonsense);
        assertThat(Files.readString(output)).contains(nonsense);
        Waiting.until("all events are published, the announcement of the dead letter too")
                .until(() -> database.number("SELECT published_through FROM outbox_cursor") == 3);
        assertThat(system.reader().about("outbox.event.order.DLT", "\"POISON\""))
                .hasSize(1);

        database.execute("INSERT INTO product VALUES ('nonsense', 1)");
        Path replay = run("ReplayOrder", nonsense);
        Waiting.until("the dead letter is replayed")
                .until(() -> Files.readString(replay).contains("replayed: 1"));
        assertThat(shipments("nonsense")).isOne();
        assertThat(database.number("SELECT count(*) FROM dead_letter")).isZero();
        assertThat(database.number("SELECT count(*) FROM parked_key")).isZero();
        Waiting.until("the replaying program ends").until(() -> !started.get(1).isAlive());
        assertThat(started.get(0).isAlive()).isTrue();
    }

    private long shipments(String product) {
        return database.number("SELECT count(*) FROM shipment JOIN orders ON id = order_id WHERE product = ?", product);
    }

    /** On the class path of this test, as javac takes it when called by hand. */
    private void compile(String name, String source) throws IOException {
        Path file = Files.writeString(classes.resolve(name + ".java"), source);
        String[] arguments = {
            "-Xlint:all,-path,-classfile,-processing",
            "-Werror",
            "-d",
            classes.toString(),
            "-cp",
            classPath(),
            file.toString()
        };
        assertThat(ToolProvider.getSystemJavaCompiler().run(null, null, null, arguments))
                .as("javac of %s", name)
                .isZero();
    }

    private String classPath() {
        return classes
                + java.io.File.pathSeparator
                + System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    }

    /** Returns the file that its output goes to. */
    private Path run(String main, String... arguments) throws IOException {
        Path output = ServiceProcess.logs().resolve("library-" + main + ".log");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-Djava.io.tmpdir=" + owner.path(),
                owner.jvmArgument(),
                "-cp",
                classPath(),
                main));
        command.addAll(Arrays.asList(arguments));
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().put("DATABASE_URL", system.databaseUrl("orders"));
        builder.environment()
                .put("KAFKA_BOOTSTRAP_SERVERS", system.stack().kafka().bootstrapServers());
        started.add(builder.start());
        return output;
    }
}
