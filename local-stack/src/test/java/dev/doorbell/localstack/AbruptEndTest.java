package dev.doorbell.localstack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** However a program ends that has started a stack, its servers end, and its ephemeral directories go. */
@Execution(ExecutionMode.CONCURRENT)
class AbruptEndTest {
    private static final Duration LIMIT = Duration.ofSeconds(15);

    @TempDir
    Path directory;

    private Process program;
    private List<ProcessHandle> family = List.of();

    @AfterEach
    void endWhatATestHasLeft() {
        program.destroyForcibly();
        relatedProcesses().forEach(ProcessHandle::destroyForcibly);
    }

    @Test
    void afterTerminationNothingIsLeft() throws IOException {
        start(StackProgram.READY);
        program.destroy();
        awaitNothingLeft();
    }

    @Test
    void afterKillInTheMidstOfTheStartNothingIsLeft() throws IOException {
        start("postgresql: preparing");
        program.destroyForcibly();
        awaitNothingLeft();
    }

    /** Not even of a broker that is frozen and cannot see the end of its input. */
    @Test
    @DisabledOnOs(OS.WINDOWS)
    void afterKillNothingIsLeft() throws IOException, InterruptedException {
        start(StackProgram.READY);
        assertThat(relatedProcesses())
                .as("program, reaper, broker, postmaster at least")
                .hasSizeGreaterThanOrEqualTo(4);
        for (ProcessHandle process : family) {
            if (process.info().commandLine().orElse("").contains(OwnedProcesses.HOME_PROPERTY)) {
                signal("STOP", process.pid());
            }
        }
        program.destroyForcibly();
        awaitNothingLeft();
    }

    /** The reaper has a session of its own only where there is setsid(1). */
    @Test
    @EnabledOnOs(OS.LINUX)
    void afterKillOfTheProcessGroupNothingIsLeft() throws IOException, InterruptedException {
        start(StackProgram.READY);
        signalGroup("KILL");
        awaitNothingLeft();
    }

    /** What Ctrl-C in a terminal does. */
    @Test
    @DisabledOnOs(OS.WINDOWS)
    void afterCtrlCTheServersEndInOrderAndKeepTheirData() throws IOException, InterruptedException {
        Path kept = directory.resolve("kept");
        start(StackProgram.READY, kept.toString());
        signalGroup("INT");
        assertThat(program.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(program.inputReader().lines()).contains(StackProgram.STILL_THERE);
        await("no process").atMost(LIMIT).until(() -> relatedProcesses().isEmpty());
        assertThat(kept.resolve("kafka/data/.kafka_cleanshutdown")).exists();
        assertThat(kept.resolve("postgresql/postgresql.log")).content().contains("database system is shut down");
        assertThat(kept.resolve("postgresql/data/postmaster.pid")).doesNotExist();
    }

    @Test
    void whereTheReaperWasKilledTooTheNextStartEndsWhatIsLeft() throws IOException {
        Path kept = directory.resolve("kept");
        start(StackProgram.READY, kept.toString());
        ProcessHandle postmaster =
                OwnedProcesses.postmaster(kept.resolve("postgresql")).orElseThrow();
        family.stream()
                .filter(process -> process.info().commandLine().orElse("").contains("ReaperMain"))
                .forEach(ProcessHandle::destroyForcibly);
        program.destroyForcibly();
        assertThat(OwnedProcesses.hasEnded(postmaster)).isFalse();
        LocalPostgres.start(LocalPostgres.Options.defaults().withDirectory(kept.resolve("postgresql")))
                .close();
        assertThat(OwnedProcesses.hasEnded(postmaster)).isTrue();
        await("no process").atMost(LIMIT).until(() -> relatedProcesses().isEmpty());
    }

    /** Starts the program and reads its output up to a line that begins so. */
    private void start(String awaitedLine, String... arguments) throws IOException {
        ProcessBuilder builder = Java.child(
                Java.classPath(),
                List.of("-Xmx128m", "-XX:TieredStopAtLevel=1", "-Djava.io.tmpdir=" + directory),
                StackProgram.class);
        List<String> command = new ArrayList<>(builder.command());
        command.addAll(Arrays.asList(arguments));
        if (OS.LINUX.isCurrentOs()) {
            // A process group of its own, so that its signals do not reach the tests; and Ctrl-C not ignored, which a
            // program inherits when a shell has started the tests in the background.
            command.addAll(0, List.of("setsid", "env", "--default-signal=INT"));
        }
        program = builder.command(command).redirectErrorStream(true).start();
        BufferedReader output = program.inputReader();
        List<String> lines = new ArrayList<>();
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            lines.add(line);
            if (line.startsWith(awaitedLine)) {
                family = Stream.concat(Stream.of(program.toHandle()), program.descendants())
                        .toList();
                return;
            }
        }
        throw new AssertionError("the program ended: " + lines);
    }

    private void signalGroup(String signal) throws IOException, InterruptedException {
        // Without setsid the group is that of the tests: there the members are signalled one by one.
        List<Long> targets = OS.LINUX.isCurrentOs()
                ? List.of(-program.pid())
                : Stream.concat(Stream.of(program.pid()), program.descendants().map(ProcessHandle::pid))
                        .toList();
        for (long target : targets) {
            signal(signal, target);
        }
    }

    private static void signal(String signal, long target) throws IOException, InterruptedException {
        int code = new ProcessBuilder("kill", "-" + signal, "--", Long.toString(target))
                .start()
                .waitFor();
        assertThat(code).isZero();
    }

    private void awaitNothingLeft() {
        await("no process and no directory").atMost(LIMIT).untilAsserted(() -> {
            assertThat(relatedProcesses()).isEmpty();
            assertThat(directory).isEmptyDirectory();
        });
    }

    /** The program's descendants when it was last seen, its reaper among them, and all that name the test's directory. */
    private List<ProcessHandle> relatedProcesses() {
        Stream<ProcessHandle> naming = ProcessHandle.allProcesses()
                .filter(process -> process.info()
                        .arguments()
                        .map(arguments -> String.join(" ", arguments).contains(directory.toString()))
                        .orElse(false));
        return Stream.concat(family.stream(), naming)
                .distinct()
                .filter(process -> !OwnedProcesses.hasEnded(process))
                .toList();
    }
}
