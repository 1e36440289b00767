package dev.doorbell.system.faults;

import dev.doorbell.localstack.LocalKafka;
import dev.doorbell.localstack.LocalPostgres;
import dev.doorbell.localstack.LocalStack;
import dev.doorbell.localstack.Ports;
import dev.doorbell.system.harness.Signals;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;

/**
 * PostgreSQL and the broker, taken away and given back. What takes one away waits until it is back from the time before.
 * Each return value: whether it really was there and then gone.
 */
final class Servers {
    private final LocalPostgres postgres;
    private final LocalKafka broker;
    private final Semaphore postgresThere = new Semaphore(1);
    private final Semaphore brokerThere = new Semaphore(1);
    private volatile boolean postgresDown;
    private volatile boolean brokerDown;
    private volatile boolean brokerFrozen;

    Servers(LocalStack stack) {
        this.postgres = stack.postgres();
        this.broker = stack.kafka();
    }

    boolean killPostgres() {
        return postgresGone(postgres::kill);
    }

    boolean stopPostgres() {
        return postgresGone(postgres::stop);
    }

    private boolean postgresGone(Runnable end) {
        postgresThere.acquireUninterruptibly();
        postgresDown = true;
        boolean there = !Ports.isFree(postgres.port());
        end.run();
        return there && Ports.isFree(postgres.port());
    }

    boolean killBroker() {
        return brokerGone(broker::kill);
    }

    boolean stopBroker() {
        return brokerGone(broker::stop);
    }

    private boolean brokerGone(Runnable end) {
        brokerThere.acquireUninterruptibly();
        brokerDown = true;
        boolean there = !Ports.isFree(broker.port());
        end.run();
        return there && Ports.isFree(broker.port());
    }

    /** PostgreSQL is there, and no fault takes it away, while this is done. */
    void whilePostgresIsThere(Runnable work) {
        whileThere(postgresThere, work);
    }

    void whileBrokerIsThere(Runnable work) {
        whileThere(brokerThere, work);
    }

    private static void whileThere(Semaphore there, Runnable work) {
        there.acquireUninterruptibly();
        try {
            work.run();
        } finally {
            there.release();
        }
    }

    boolean freezeBroker() {
        brokerThere.acquireUninterruptibly();
        brokerFrozen = true;
        Signals.send("STOP", broker.pid());
        return Signals.isStopped(broker.pid());
    }

    /** Returns when it answers again. */
    void healPostgres() {
        if (postgresDown) {
            postgres.startAgain();
            postgresDown = false;
            postgresThere.release();
        }
    }

    /** Returns when it answers again; one that was frozen may need a moment more. */
    void healBroker() {
        if (brokerFrozen) {
            Signals.send("CONT", broker.pid());
            brokerFrozen = false;
            brokerThere.release();
        }
        if (brokerDown) {
            broker.startAgain();
            brokerDown = false;
            brokerThere.release();
        }
    }

    /** What was taken away and not given back. */
    List<String> missing() {
        List<String> missing = new ArrayList<>();
        if (postgresDown) {
            missing.add(World.POSTGRES);
        }
        if (brokerDown || brokerFrozen) {
            missing.add(World.BROKER);
        }
        return missing;
    }
}
