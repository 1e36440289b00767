package dev.doorbell.system.badexamples.relay;

public class SleepsByReference {
    interface Pause {
        void pause(long ms) throws InterruptedException;
    }

    Pause run() {
        return Thread::sleep;
    }
}
