package dev.doorbell.system.badexamples.localstack;

public class Fine {}
