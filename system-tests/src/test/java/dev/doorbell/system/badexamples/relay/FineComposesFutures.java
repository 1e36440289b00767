package dev.doorbell.system.badexamples.relay;

import io.vertx.core.Future;
import java.util.List;

public class FineComposesFutures {
    Future<?> run(List<Future<?>> futures) {
        return Future.join(futures);
    }
}
