package dev.doorbell.system.badexamples.relay;

import java.util.concurrent.CompletableFuture;

public class BlocksOnCompletableFuture {
    String run(CompletableFuture<String> future) {
        return future.join();
    }
}
