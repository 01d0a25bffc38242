package io.weir.broker.app;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.web.server.WebServer;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

import io.weir.broker.Broker;

/**
 * Says what is where and how to connect. The broker itself has said where it listens and
 * whether its certificate is self-signed.
 */
@Component
final class Welcome {

	private static final Logger LOG = LoggerFactory.getLogger(Welcome.class);

	private final Broker broker;

	Welcome(Broker broker) {
		this.broker = broker;
	}

	@EventListener
	void ready(ApplicationReadyEvent event) {
		if (event.getApplicationContext() instanceof WebServerApplicationContext web) {
			WebServer server = web.getWebServer();
			if (server != null) {
				LOG.info("Health, topics and metrics are at http://{}:{}/actuator",
						this.broker.address().getHostString(), server.getPort());
			}
		}
		LOG.info("Ready. An application connects with{}", clientConfiguration());
	}

	private String clientConfiguration() {
		StringBuilder yaml = new StringBuilder(
				"%n  weir:%n    client:%n      service-url: %s%n".formatted(this.broker.serviceUrl()));
		if (this.broker.isSelfSigned()) {
			yaml.append("      ssl.fingerprint: %s%n".formatted(this.broker.certificateFingerprint()));
		}
		return yaml.toString();
	}

}
