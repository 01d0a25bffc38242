package io.weir.broker.store.rocksdb;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

import io.weir.broker.store.StorageException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class SlowStartTest {

	private final SlowStart watch = new SlowStart(Duration.ofMillis(10), 3);

	private final CountDownLatch end = new CountDownLatch(1);

	@Test
	void whatDoesNotGetOnIsGivenUpWithAdvice() {
		Logger logger = (Logger) LoggerFactory.getLogger(SlowStart.class);
		ListAppender<ILoggingEvent> log = new ListAppender<>();
		log.start();
		logger.addAppender(log);
		assertThatExceptionOfType(StorageException.class)
			.isThrownBy(() -> this.watch.run("Opening /data", () -> "the same", this::hang))
			.withMessageStartingWith("Opening /data was given up after")
			.withMessageContaining("'salvage'");
		this.end.countDown();
		logger.detachAppender(log);
		assertThat(log.list).extracting(ILoggingEvent::getFormattedMessage)
			.as("each time that it looks")
			.hasSize(2)
			.allMatch((line) -> line.startsWith("Opening /data has taken ") && line.contains("nothing has moved for"));
	}

	@Test
	void whatGetsOnIsWaitedFor() {
		AtomicInteger looks = new AtomicInteger();
		assertThat(this.watch.run("Opening /data", () -> {
			if (looks.incrementAndGet() == 20) {
				this.end.countDown();
			}
			return looks.get();
		}, this::hang)).isEqualTo("done");
	}

	@Test
	void failureIsPassedOn() {
		SlowStart patient = new SlowStart(Duration.ofMinutes(1), 3);
		assertThatExceptionOfType(CompletionException.class).isThrownBy(() -> patient.run("Opening", () -> 1, () -> {
			throw new IllegalStateException("broken");
		})).withCauseInstanceOf(IllegalStateException.class);
	}

	private String hang() throws InterruptedException {
		this.end.await();
		return "done";
	}

}
