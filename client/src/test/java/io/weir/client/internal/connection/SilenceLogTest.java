package io.weir.client.internal.connection;

import java.util.List;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

import io.weir.client.internal.fakes.FakeWorld;
import io.weir.transport.fakes.FakeConnection;
import io.weir.wire.Frame;

import static org.assertj.core.api.Assertions.assertThat;

/** What people are told when answers stay away, and when they come back. */
class SilenceLogTest {

	private final Logger logger = (Logger) LoggerFactory.getLogger(ConnectionManager.class);

	private final ListAppender<ILoggingEvent> log = new ListAppender<>();

	private final FakeWorld world = new FakeWorld();

	private final ConnectionManager manager = this.world.manager();

	@BeforeEach
	void listen() {
		this.logger.setLevel(Level.INFO);
		this.log.start();
		this.logger.addAppender(this.log);
	}

	@AfterEach
	void stop() {
		this.logger.detachAppender(this.log);
		this.logger.setLevel(null);
	}

	@Test
	void answersThatStayAwayAndComeBackAreOneLineEach() {
		this.manager.start();
		FakeConnection connection = this.world.connection();
		this.world.broker().hold(Frame.Connect.class);
		this.log.list.clear();
		connection.fallSilent();
		assertThat(lines()).singleElement()
			.asString()
			.startsWith("WARN " + connection.remoteAddress())
			.contains("The broker has not answered for ")
			.endsWith(" ms. Another connection is tried beside it");
		connection.answerAgain();
		assertThat(lines()).hasSize(2)
			.last()
			.isEqualTo("INFO The broker at " + connection.remoteAddress() + " answers again");
	}

	@Test
	void anotherConnectionThatTakesOverIsOneLine() {
		this.manager.start();
		this.world.broker().hold(Frame.Connect.class);
		this.log.list.clear();
		this.world.connection().fallSilent();
		this.world.broker().answerHeld();
		assertThat(lines()).anySatisfy((line) -> assertThat(line).contains("but on another, which is used instead"))
			.noneSatisfy((line) -> assertThat(line).contains("answers again"));
	}

	private List<String> lines() {
		return this.log.list.stream().map((event) -> event.getLevel() + " " + event.getFormattedMessage()).toList();
	}

}
