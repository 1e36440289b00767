package dev.doorbell.system.badexamples.outbox;

public class Fine {}
