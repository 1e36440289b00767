package dev.doorbell.benchmarks.contender;

import dev.doorbell.benchmarks.lab.ChildJvm;

/** A contender that is one process and can only be started and ended. */
record ChildRunning(ChildJvm child) implements Contender.Running {
    @Override
    public long pid() {
        return child.pid();
    }

    @Override
    public void requireAlive() {
        child.requireAlive();
    }

    @Override
    public void close() {
        child.close();
    }
}
