/** JMH benchmarks, named after what they measure. */
package dev.weir.benchmarks.jmh;
