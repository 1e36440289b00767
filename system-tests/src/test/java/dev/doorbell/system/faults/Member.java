package dev.doorbell.system.faults;

import dev.doorbell.system.harness.ServiceProcess;
import dev.doorbell.system.harness.Waiting;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.awaitility.core.ConditionTimeoutException;

/**
 * One service instance and its supervisor: whatever way its process ends, it is started again, at once or when the fault
 * that killed it releases it, as an operator's restart policy would. An end that no fault meant is remembered.
 */
final class Member {
    /** Longer than any other fault may hold up what is to come by. */
    private static final Duration FAILPOINT_LIMIT = Duration.ofSeconds(40);

    private final String name;
    private final Supplier<ServiceProcess> starter;
    private final List<ServiceProcess> runs = new ArrayList<>();
    private final Set<Long> meantToDie = new HashSet<>();
    private final List<String> unexpectedEnds = new ArrayList<>();
    /** A fault that comes later than planned must not meet the next one: each would undo what the other does. */
    private final Semaphore turn = new Semaphore(1);

    private ServiceProcess process;
    private ServiceProcess frozen;
    private String armed;
    private boolean wanted;
    private boolean held;

    /** @param starter starts one more process of the instance and does not wait */
    Member(String name, Supplier<ServiceProcess> starter) {
        this.name = name;
        this.starter = starter;
    }

    String name() {
        return name;
    }

    /** Starts it unless it runs; does not wait. */
    synchronized void start() {
        wanted = true;
        if (process == null || !process.isAlive()) {
            launch();
        }
    }

    private void launch() {
        ServiceProcess started = starter.get();
        process = started;
        runs.add(started);
        started.onExit().thenRun(() -> ended(started));
    }

    private synchronized void ended(ServiceProcess which) {
        if (which != process || !wanted) {
            return;
        }
        if (!meantToDie.contains(which.pid())) {
            unexpectedEnds.add(name + " ended by itself with exit code " + which.exitCode() + ", see " + which.log());
        }
        if (!held) {
            launch();
        }
    }

    /** kill -9; the next process is started by {@link #release}. False when there was nothing to kill. */
    boolean kill() {
        turn.acquireUninterruptibly();
        ServiceProcess victim = hold();
        if (!victim.isAlive()) {
            return false;
        }
        victim.kill();
        return true;
    }

    /** SIGSTOP until {@link #release}. False when there was nothing to freeze. */
    boolean freeze() {
        turn.acquireUninterruptibly();
        ServiceProcess victim = process();
        if (!victim.isAlive()) {
            return false;
        }
        synchronized (this) {
            frozen = victim;
        }
        victim.freeze();
        return true;
    }

    /** Arms the failpoint and waits until it is met. False when nothing came by there in time. */
    boolean meetFailpoint(String failpoint, ServiceFault.Action action) {
        turn.acquireUninterruptibly();
        boolean kill = action == ServiceFault.Action.KILL;
        ServiceProcess victim = kill ? hold() : process();
        synchronized (this) {
            armed = failpoint;
            frozen = kill ? frozen : victim;
        }
        victim.failpoint(failpoint, kill ? "kill" : "freeze");
        try {
            Waiting.until(name + " meets " + failpoint)
                    .atMost(FAILPOINT_LIMIT)
                    .until(() -> victim.hasReached(failpoint) && (kill ? !victim.isAlive() : victim.isFrozen()));
            return true;
        } catch (ConditionTimeoutException nothingCameBy) {
            return false;
        }
    }

    private synchronized ServiceProcess hold() {
        held = true;
        meantToDie.add(process.pid());
        return process;
    }

    /** Undoes what a fault did: thaws what is frozen, disarms what is armed, starts what is dead. Once for each. */
    synchronized void release() {
        if (armed != null) {
            process.disarm(armed);
            armed = null;
        }
        if (frozen != null) {
            frozen.thaw();
            frozen = null;
        }
        held = false;
        if (wanted && !process.isAlive()) {
            launch();
        }
        turn.release();
    }

    /** SIGTERM, for good. Says what was out of order; nothing when it did not run. */
    Optional<String> stop() {
        ServiceProcess last;
        synchronized (this) {
            wanted = false;
            last = process;
        }
        return last == null || !last.isAlive() ? Optional.empty() : OrderlyStop.of(name, last::terminate);
    }

    /** Kills it for good, frozen or not. */
    void end() {
        ServiceProcess last;
        synchronized (this) {
            wanted = false;
            last = process;
        }
        if (last != null) {
            last.kill();
        }
    }

    synchronized boolean isWanted() {
        return wanted;
    }

    /** Whether a fault has hold of it: kept dead, frozen, or with an armed failpoint. */
    synchronized boolean isHeld() {
        return held || frozen != null || armed != null;
    }

    synchronized boolean isFrozen() {
        return frozen != null && frozen.isAlive() && frozen.isFrozen();
    }

    synchronized ServiceProcess process() {
        return process;
    }

    /** Every process of it so far. */
    synchronized List<ServiceProcess> runs() {
        return List.copyOf(runs);
    }

    /** Ends that no fault meant, since the last call. */
    synchronized List<String> takeUnexpectedEnds() {
        List<String> taken = List.copyOf(unexpectedEnds);
        unexpectedEnds.clear();
        return taken;
    }
}
