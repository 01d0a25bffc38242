package io.weir.benchmarks.pool;

import java.util.concurrent.TimeUnit;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Borrow and return of a resource that does nothing.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(3)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class PoolBenchmark {

	@Param("weir")
	public String pool = "";

	@Param("8")
	public int size;

	private Subject subject = new DequeSubject(0);

	@Setup(Level.Trial)
	public void setUp() throws Exception {
		this.subject = Subjects.create(this.pool, this.size);
	}

	@TearDown(Level.Trial)
	public void tearDown() {
		this.subject.close();
	}

	@Benchmark
	public void borrowAndReturn() throws Exception {
		this.subject.use(0);
	}

}
