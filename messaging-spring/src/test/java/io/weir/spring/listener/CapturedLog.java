package io.weir.spring.listener;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.PatternLayout;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.slf4j.LoggerFactory;

/** What is logged during a test: each event's message, followed by its stack trace. */
public final class CapturedLog extends AppenderBase<ILoggingEvent>
		implements BeforeEachCallback, AfterEachCallback, ParameterResolver {

	private final Queue<String> events = new ConcurrentLinkedQueue<>();

	private final Logger logger = (Logger) LoggerFactory.getLogger("io.weir");

	private final PatternLayout layout = new PatternLayout();

	@Override
	public void beforeEach(ExtensionContext context) {
		this.events.clear();
		this.layout.setContext(this.logger.getLoggerContext());
		this.layout.setPattern("%msg%n%ex");
		this.layout.start();
		start();
		this.logger.addAppender(this);
	}

	@Override
	public void afterEach(ExtensionContext context) {
		this.logger.detachAppender(this);
	}

	@Override
	protected void append(ILoggingEvent event) {
		this.events.add(this.layout.doLayout(event));
	}

	@Override
	public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
		return parameter.getParameter().getType() == CapturedLog.class;
	}

	@Override
	public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
		return this;
	}

	/** All that was logged so far. */
	@Override
	public String toString() {
		return this.events.stream().collect(Collectors.joining());
	}

}
