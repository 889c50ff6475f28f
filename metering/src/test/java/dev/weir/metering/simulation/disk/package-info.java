/**
 * A disk in memory that fails as disks and kernels do, behind the ordinary file interfaces, so that the
 * code under test opens, reads, writes, renames and forces files as in production.
 *
 * <p>Every file has two contents: what processes see (the page cache) and what would be there after a
 * power cut (the platter). Writing changes the first, forcing brings it to the second, and the kernel
 * may do so for any sector at any time. A force that fails leaves an unknown part behind and takes all
 * for written: forcing again proves nothing. New names and removed names are durable only when their
 * directory is forced. A sector is written whole or not at all, unless it never held anything: then it
 * may be torn.
 *
 * <p>One thread, one seeded random, no clock.
 */
package dev.weir.metering.simulation.disk;
