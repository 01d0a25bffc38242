package io.weir.broker.app;

import java.util.function.Consumer;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxy;
import ch.qos.logback.core.UnsynchronizedAppenderBase;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells of errors that somebody caught and did nothing about but log them: so Netty does
 * with those of tasks on an event loop and of listeners of futures, and Tomcat with those
 * of requests.
 */
final class LastResortAppender extends UnsynchronizedAppenderBase<ILoggingEvent> {

	private static final int MAX_CAUSES = 10;

	private final Consumer<Error> errors;

	LastResortAppender(Consumer<Error> errors) {
		this.errors = errors;
	}

	/** From now on looks at all that is logged, once Spring Boot has set up logging. */
	void attach() {
		if (LoggerFactory.getILoggerFactory() instanceof LoggerContext logback) {
			setContext(logback);
			setName("last-resort");
			start();
			ch.qos.logback.classic.Logger root = logback.getLogger(Logger.ROOT_LOGGER_NAME);
			root.detachAppender(getName());
			root.addAppender(this);
		}
	}

	@Override
	protected void append(ILoggingEvent event) {
		if (event.getThrowableProxy() instanceof ThrowableProxy logged) {
			Throwable cause = logged.getThrowable();
			for (int i = 0; cause != null && i < MAX_CAUSES; i++) {
				if (cause instanceof Error error) {
					this.errors.accept(error);
				}
				cause = cause.getCause();
			}
		}
	}

}
