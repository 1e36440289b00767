package dev.doorbell.relay;

import io.vertx.core.Future;

/**
 * The advisory lock AWAKE of the leader's session: while it is held, writers ring nobody. Advisory locks count, so it is
 * never taken twice: one release would leave it held, and the relay would sleep while nobody rings.
 */
final class AwakeLock {
    private final RelaySession session;
    private final UntilEnded work;
    private boolean held;
    private boolean busy;
    private Future<Void> taking = Future.succeededFuture();

    AwakeLock(RelaySession session, UntilEnded work) {
        this.session = session;
        this.work = work;
    }

    /**
     * Asks for the lock unless it is held or asked for already. A writer's probe may be in the way for a moment: whoever
     * wants to be awake works meanwhile and calls this again.
     */
    void take() {
        if (held || busy) {
            return;
        }
        busy = true;
        taking = session.tryAwake().map(taken -> {
            busy = false;
            held = taken;
            return null;
        });
        work.run(taking, done -> {});
    }

    /** Lets go, if it is held, or will be when the answer to {@link #take} is there. */
    Future<Void> release() {
        return taking.compose(done -> {
            if (!held) {
                return Future.succeededFuture();
            }
            held = false;
            busy = true;
            return session.leaveAwake().map(was -> {
                busy = false;
                if (!was) {
                    throw new IllegalStateException("the lock AWAKE was not held");
                }
                return null;
            });
        });
    }
}
