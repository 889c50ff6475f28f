package dev.weir.benchmarks.report;

/** Something that a reader must know to judge a figure. */
public record Fact(String name, String value) {}
