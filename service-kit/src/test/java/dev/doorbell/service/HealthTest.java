package dev.doorbell.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.doorbell.service.Health.Check;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;

class HealthTest {
    @Test
    void theWorstCheckIsTheWhole() {
        assertThat(status(new Health())).isEqualTo("up");
        assertThat(status(new Health().register("a", () -> Future.succeededFuture(Check.UP))))
                .isEqualTo("up");
        Health degraded = new Health()
                .register("a", () -> Future.succeededFuture(Check.degraded("slow")))
                .register("b", () -> Future.succeededFuture(Check.UP));
        assertThat(status(degraded)).isEqualTo("degraded");
        assertThat(status(degraded.register("c", () -> Future.succeededFuture(Check.down("gone")))))
                .isEqualTo("down");
    }

    @Test
    void aCheckThatFailsOrThrowsIsDownAndTellsNoMessage() {
        for (Health health : new Health[] {
            new Health().register("a", () -> Future.failedFuture(new IllegalStateException("sesame"))),
            new Health().register("a", () -> {
                throw new IllegalStateException("sesame");
            })
        }) {
            JsonObject report = health.report().result();
            assertThat(report.getString("status")).isEqualTo("down");
            assertThat(report.encode()).contains("IllegalStateException").doesNotContain("sesame");
        }
    }

    @Test
    void eachCheckIsNamedWithItsDetail() {
        JsonObject report = new Health()
                .register("kafka", () -> Future.succeededFuture(Check.degraded("does not answer")))
                .report()
                .result();
        assertThat(report.getJsonObject("checks").getJsonObject("kafka"))
                .isEqualTo(new JsonObject().put("status", "degraded").put("detail", "does not answer"));
    }

    private static String status(Health health) {
        return health.report().result().getString("status");
    }
}
