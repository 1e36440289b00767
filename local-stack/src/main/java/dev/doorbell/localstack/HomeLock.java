package dev.doorbell.localstack;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The right to work in a kept directory. The operating system takes it back when the process ends, however it ends. */
final class HomeLock implements AutoCloseable {
    private final FileChannel channel;

    private HomeLock(FileChannel channel) {
        this.channel = channel;
    }

    static Optional<HomeLock> tryAcquire(Path home) {
        return acquire(home, Duration.ZERO);
    }

    /** Empty when another process, or this one, holds it for longer than the limit. */
    static Optional<HomeLock> acquire(Path home, Duration limit) {
        FileChannel channel;
        try {
            channel = FileChannel.open(home.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw new LocalStackException(home + " cannot be written: " + LocalStackException.describe(e), e);
        }
        boolean locked = false;
        try {
            locked = limit.isZero() ? channel.tryLock() != null : lock(channel, limit);
        } catch (IOException | OverlappingFileLockException heldElsewhere) {
            locked = false;
        } finally {
            if (!locked) {
                close(channel);
            }
        }
        return locked ? Optional.of(new HomeLock(channel)) : Optional.empty();
    }

    private static boolean lock(FileChannel channel, Duration limit) {
        CompletableFuture<FileLock> lock = new CompletableFuture<>();
        Thread waiter = new Thread(
                () -> {
                    try {
                        lock.complete(channel.lock());
                    } catch (IOException | OverlappingFileLockException e) {
                        lock.completeExceptionally(e);
                    }
                },
                "local-stack-lock");
        waiter.setDaemon(true);
        waiter.start();
        try {
            lock.get(limit.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        } catch (ExecutionException | TimeoutException notGranted) {
            // Closing the channel ends the waiter.
            return false;
        }
    }

    private static void close(FileChannel channel) {
        try {
            channel.close();
        } catch (IOException nothingToRelease) {
            return;
        }
    }

    @Override
    public void close() {
        close(channel);
    }
}
