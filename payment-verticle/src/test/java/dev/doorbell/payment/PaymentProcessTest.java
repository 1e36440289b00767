package dev.doorbell.payment;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** The service as a process: what a user of the jar sees. */
class PaymentProcessTest {
    private Process process;

    @AfterEach
    void end() {
        process.destroyForcibly();
    }

    @Test
    void helpNamesEverySettingAndTheCommand() throws Exception {
        start(Map.of(), "--help");

        String help = String.join("\n", output());

        assertThat(exitCode()).isZero();
        PaymentConfig.SETTINGS.forEach(setting -> assertThat(help).contains(setting.name()));
        assertThat(help).contains("  migrate ");
    }

    @Test
    void aWrongSettingIsOneLineAndExitCodeOne() throws Exception {
        start(Map.of("DATABASE_URL", "postgresql://u:very-secret@127.0.0.1/p", "HTTP_PORT", "many"));

        assertThat(output()).containsExactly("payment-verticle: HTTP_PORT \"many\" is not a whole number");
        assertThat(exitCode()).isEqualTo(1);
    }

    /** A start that waits for its database must end as orderly as a service at work. */
    @Test
    @DisabledOnOs(OS.WINDOWS)
    void sigtermEndsAWaitingStartWithExitCodeZero() throws Exception {
        String nowhere = RunningPayments.nowhere();
        start(Map.of(
                "DATABASE_URL",
                "postgresql://u:very-secret@" + nowhere + "/p",
                "HTTP_PORT",
                "0",
                "KAFKA_BOOTSTRAP_SERVERS",
                nowhere));
        BufferedReader lines = process.inputReader();
        String line = lines.readLine();
        while (line != null && !line.contains("cannot be reached")) {
            line = lines.readLine();
        }
        assertThat(line).contains("postgresql://u@" + nowhere + "/p cannot be reached");

        // Not Process.destroy, which closes the output that the end is read from.
        process.toHandle().destroy();

        assertThat(lines.lines().reduce((before, last) -> last))
                .hasValueSatisfying(last -> assertThat(last).endsWith("payment-verticle has stopped"));
        assertThat(exitCode()).isZero();
    }

    private void start(Map<String, String> environment, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                PaymentMain.class.getName()));
        command.addAll(Arrays.asList(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(environment);
        process = builder.start();
    }

    private List<String> output() {
        return process.inputReader().lines().toList();
    }

    private int exitCode() throws InterruptedException {
        assertThat(process.waitFor(40, TimeUnit.SECONDS)).as("ends").isTrue();
        return process.exitValue();
    }
}
