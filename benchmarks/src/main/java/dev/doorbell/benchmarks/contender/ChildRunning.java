package dev.doorbell.benchmarks.contender;

import dev.doorbell.benchmarks.lab.ChildJvm;

/** A contender that is one process. As it is here it can only be started and ended. */
class ChildRunning implements Contender.Running {
    private final ChildJvm child;

    ChildRunning(ChildJvm child) {
        this.child = child;
    }

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
