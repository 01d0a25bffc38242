package io.weir.client.internal.fakes;

import java.util.List;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import org.slf4j.LoggerFactory;

/** What a class logs, instead of the log of the build. Safe to read from any thread. */
public final class LogCapture implements AutoCloseable {

	private final Logger logger;

	private final ListAppender<ILoggingEvent> appender = new ListAppender<>();

	public LogCapture(Class<?> type) {
		this.logger = (Logger) LoggerFactory.getLogger(type);
		this.logger.setAdditive(false);
		this.appender.start();
		this.logger.addAppender(this.appender);
	}

	/** Level and text of each line, without stack traces. */
	public List<String> lines() {
		return events().stream().map((event) -> event.getLevel() + " " + event.getFormattedMessage()).toList();
	}

	/** How many lines came with a stack trace. */
	public long traces() {
		return events().stream().filter((event) -> event.getThrowableProxy() != null).count();
	}

	private List<ILoggingEvent> events() {
		return List.of(this.appender.list.toArray(ILoggingEvent[]::new));
	}

	@Override
	public void close() {
		this.logger.detachAppender(this.appender);
		this.logger.setAdditive(true);
	}

}
