package dev.doorbell.relay;

import java.io.IOException;
import java.util.concurrent.TimeUnit;

/** Keeps the tests' broker from doing anything, SIGSTOP, until it is closed: what is sent to it is not acknowledged. */
final class FrozenBroker implements AutoCloseable {
    private final long pid = TestStack.kafka().pid();

    FrozenBroker() {
        signal("STOP");
    }

    @Override
    public void close() {
        signal("CONT");
    }

    private void signal(String name) {
        try {
            Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(pid))
                    .inheritIO()
                    .start();
            if (!kill.waitFor(10, TimeUnit.SECONDS) || kill.exitValue() != 0) {
                throw new IllegalStateException("kill -" + name + " failed");
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
