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
@Fork(2)
@Warmup(iterations = 4, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 6, time = 500, timeUnit = TimeUnit.MILLISECONDS)
public class PoolBenchmark {

	@Param("weir")
	public String pool = "";

	@Param("8")
	public int size;

	/** How many are lent all the time. */
	@Param("0")
	public int kept;

	private Subject subject = new DequeSubject(0);

	@Setup(Level.Trial)
	public void setUp() throws Exception {
		this.subject = Subjects.create(this.pool, this.size);
		for (int i = 0; i < this.kept; i++) {
			this.subject.keep();
		}
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
