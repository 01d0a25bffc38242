package io.weir.pool;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.core.read.ListAppender;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

import io.weir.pool.ScriptedLifecycle.Resource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The report of a leak shows where the resource was lent, if that loan was traced.
 */
class LeakTraceTest extends PoolFixture {

	private static final Duration THRESHOLD = Duration.ofSeconds(10);

	private final Logger logger = (Logger) LoggerFactory.getLogger(Sweeper.class);

	private final ListAppender<ILoggingEvent> log = new ListAppender<>();

	@BeforeEach
	void listen() {
		this.log.start();
		this.logger.addAppender(this.log);
		this.logger.setLevel(Level.WARN);
		this.logger.setAdditive(false);
		build(builder().minSize(1).maxSize(1).leakDetectionThreshold(THRESHOLD));
	}

	@AfterEach
	void stopListening() {
		this.logger.detachAppender(this.log);
		this.logger.setLevel(null);
		this.logger.setAdditive(true);
	}

	@Test
	void theFirstLoanOfAResourceIsTraced() {
		leak();
		assertThat(reports()).singleElement().satisfies((report) -> assertThat(methods(report)).contains("leak"));
	}

	@Test
	void aLoanThatWasNotTracedIsNotBlamedOnAnEarlierOne() {
		close(this.pool.borrow());
		leak();
		assertThat(reports()).singleElement()
			.satisfies((report) -> assertThat(report.getThrowableProxy()).as("trace").isNull());
	}

	@Test
	void oneLoanInManyIsTraced() {
		for (int i = 0; i < 64; i++) {
			close(this.pool.borrow());
		}
		leak();
		assertThat(reports()).singleElement().satisfies((report) -> assertThat(methods(report)).contains("leak"));
	}

	private void leak() {
		Lease<Resource> lease = this.pool.borrow();
		pass(THRESHOLD.multipliedBy(2));
		close(lease);
	}

	private List<ILoggingEvent> reports() {
		return this.log.list.stream().filter((event) -> event.getMessage().contains("leak detection")).toList();
	}

	private static Stream<String> methods(ILoggingEvent report) {
		IThrowableProxy trace = report.getThrowableProxy();
		return Stream.of(trace.getStackTraceElementProxyArray())
			.map((element) -> element.getStackTraceElement().getMethodName());
	}

}
