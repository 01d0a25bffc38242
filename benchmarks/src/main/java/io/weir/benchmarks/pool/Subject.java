package io.weir.benchmarks.pool;

/**
 * A pool under comparison, used the way its own documentation shows.
 */
interface Subject extends AutoCloseable {

	/**
	 * Borrows a resource, works with it and returns it.
	 * @param work how long to work, see
	 * {@link org.openjdk.jmh.infra.Blackhole#consumeCPU(long)}
	 * @throws Exception if no resource could be borrowed
	 */
	void use(int work) throws Exception;

	/**
	 * Borrows a resource and keeps it.
	 * @throws Exception if no resource could be borrowed
	 */
	void keep() throws Exception;

	@Override
	void close();

}
