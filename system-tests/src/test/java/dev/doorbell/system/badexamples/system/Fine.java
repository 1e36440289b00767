package dev.doorbell.system.badexamples.system;

public class Fine {}
