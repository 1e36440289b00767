package dev.doorbell.system.badexamples.relay;

import java.util.concurrent.TimeUnit;

public class SleepsByTimeUnit {
    void run() throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(1);
    }
}
