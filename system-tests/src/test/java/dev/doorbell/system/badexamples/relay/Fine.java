package dev.doorbell.system.badexamples.relay;

public class Fine {}
