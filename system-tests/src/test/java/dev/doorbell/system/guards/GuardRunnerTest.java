package dev.doorbell.system.guards;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The guards of the guards: each way in which a guard is worth nothing is told. */
class GuardRunnerTest {
    private static final String EXAMPLE = "system-tests/src/test/java/dev/doorbell/system/guards/example/Purse.java";
    private static final String CHECKS = "dev.doorbell.system.guards.example.PurseChecks";
    private static final String REFUSAL =
            "if (number < 0) {\nthrow new IllegalArgumentException(\"Coins are \" + number" + " + \".\");\n}\n";

    private static final Guard CAUGHT = guard(
            "caught", REFUSAL, "", "nobodyPutsLessThanNothing", "IllegalArgumentException to be thrown, but nothing");
    private static final Guard GREEN = guard("green", REFUSAL, "", "coinsAreKept", "coins");
    private static final Guard OTHERWISE = guard("otherwise", "coins += number;", "", "coinsAreKept", "expected: <3>");
    private static final Guard MISSING = guard("missing", REFUSAL, "", "renamed", "any");
    private static final Guard RED = guard("red", REFUSAL, "", "alwaysRed", "red as ever");
    private static final Guard DOES_NOT_COMPILE =
            guard("no-java", "coins += number;", "coins +;", "coinsAreKept", "any");
    private static final Guard MOVED = guard("moved", "coins -= number;", "", "coinsAreKept", "any");
    private static final Guard TWICE = guard("twice", "int number", "", "coinsAreKept", "any");

    @TempDir
    static Path directory;

    private static TestJvm jvm;
    private static GuardRunner runner;

    @BeforeAll
    static void start() {
        Path root = GuardFiles.root();
        jvm = new TestJvm(root);
        runner = new GuardRunner(
                List.of(CAUGHT, GREEN, OTHERWISE, MISSING, RED, DOES_NOT_COMPILE, MOVED, TWICE),
                root,
                module -> TestJvmTest.classPath(),
                jvm,
                directory,
                GuardRunner.LIMIT);
    }

    @AfterAll
    static void close() {
        jvm.close();
    }

    @Test
    void aTestThatMissesItsRuleIsFine() {
        assertThatCode(() -> runner.verify(CAUGHT)).doesNotThrowAnyException();
    }

    @Test
    void aTestThatStaysGreenIsTold() {
        told(GREEN, CHECKS + "#coinsAreKept stays green without the rule");
    }

    @Test
    void anotherFailureThanTheOneSeenIsTold() {
        told(OTHERWISE, "fails, but not with \"expected: <3>\"", "coins ==> expected: <2> but was: <0>");
    }

    @Test
    void aTestThatIsGoneIsTold() {
        told(MISSING, "there is no test " + CHECKS + "#renamed in system-tests");
    }

    @Test
    void aTestThatIsRedAnywayIsTold() {
        told(RED, "is not green with the rule", "red as ever");
    }

    @Test
    void aChangeThatDoesNotCompileIsTold() {
        told(DOES_NOT_COMPILE, "without the rule Purse.java does not compile", "illegal start of expression");
    }

    @Test
    void aRuleThatIsNoLongerThereIsTold() {
        told(MOVED, "find occurs 0 times in " + EXAMPLE);
    }

    @Test
    void aRuleThatIsThereTwiceIsTold() throws IOException {
        Path source = Files.writeString(directory.resolve("Twice.java"), "int number; int  number; int number;");
        assertThatThrownBy(() -> TWICE.without(Files.readString(source))).hasMessageContaining("find occurs 2 times");
    }

    @Test
    void aChangedMigrationLiesWhereTheClassPathFindsIt() throws IOException {
        String path = "db/outbox/V1__outbox.sql";
        Guard guard = new Guard(
                "migration",
                "Says.",
                "sql/src/main/resources/" + path,
                "(CACHE 1)",
                "(CACHE 9)",
                "a.B#c",
                "sql",
                "any");
        Path classes = ChangedClasses.write(guard, GuardFiles.root(), directory.resolve("migration"), List.of());
        assertThat(classes.resolve(path)).content().contains("(CACHE 9)").doesNotContain("(CACHE 1)");
    }

    @Test
    void anEntryThatLacksAFieldIsTold() throws IOException {
        Path file = Files.writeString(directory.resolve("area.yaml"), "- rule: half-a-guard\n  says: Little.\n");
        assertThatThrownBy(() -> GuardArea.read(file)).hasMessageContaining("Guard half-a-guard: file is no source");
    }

    private static void told(Guard guard, String... parts) {
        assertThatThrownBy(() -> runner.verify(guard))
                .isInstanceOf(GuardFailure.class)
                .hasMessageContainingAll(parts);
    }

    private static Guard guard(String rule, String find, String replace, String method, String seen) {
        return new Guard(rule, "Says.", EXAMPLE, find, replace, CHECKS + "#" + method, "system-tests", seen);
    }
}
