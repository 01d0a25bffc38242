package io.weir.client.internal.connection;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.weir.transport.Connection;
import io.weir.wire.ProtocolException;

/**
 * Logs what happens to the connection: one line for each change, and the same failure
 * once only until it is over. Not for use by several threads.
 */
final class ConnectionLog {

	private static final Logger logger = LoggerFactory.getLogger(ConnectionManager.class);

	private final String serviceUrl;

	private @Nullable String told;

	ConnectionLog(String serviceUrl) {
		this.serviceUrl = serviceUrl;
	}

	void cannotConnect(ProtocolException cause) {
		String news = cause.code() + ": " + cause.getMessage();
		if (news.equals(this.told)) {
			logger.debug("Still cannot connect to {}: {}", this.serviceUrl, news);
			return;
		}
		this.told = news;
		logger.warn("Cannot connect to {}: {} {}", this.serviceUrl, sentence(news), cause.code().retryable()
				? "Trying again" : "Trying again now and then, but this needs somebody's attention");
		logger.debug("Why", cause);
	}

	void connected(BrokerSession session) {
		this.told = null;
		logger.info("Connected to {} ({}, session {} of broker '{}')", this.serviceUrl,
				session.connection().remoteAddress(), session.terms().sessionId(), session.terms().brokerName());
	}

	/** The session is in doubt. */
	void silent(Connection connection, ProtocolException why) {
		logger.warn("{}: {}. Another connection is tried beside it", connection.remoteAddress(), why.getMessage());
	}

	/** It was not lost. */
	void answersAgain(Connection connection) {
		logger.info("The broker at {} answers again", connection.remoteAddress());
	}

	void moved(Connection connection) {
		logger.warn("The broker did not answer on the connection to {}, but on another, which is used instead",
				connection.remoteAddress());
	}

	void lost(ProtocolException cause) {
		logger.warn("Lost the connection to {}: {} Trying again", this.serviceUrl,
				sentence(cause.code() + ": " + cause.getMessage()));
		logger.debug("Why", cause);
	}

	private static String sentence(String text) {
		return (text.endsWith(".") || text.endsWith("?")) ? text : text + ".";
	}

}
