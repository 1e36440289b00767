package dev.doorbell.system.badexamples.relay;

import io.vertx.core.Future;

public class BlocksOnVertx {
    String run(Future<String> future) {
        return future.await();
    }
}
