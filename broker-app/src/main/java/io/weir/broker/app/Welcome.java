package io.weir.broker.app;

import java.net.InetAddress;
import java.util.Locale;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.web.server.WebServer;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
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

	private static final Logger logger = LoggerFactory.getLogger(Welcome.class);

	private final Broker broker;

	private final ServerProperties http;

	Welcome(Broker broker, ServerProperties http) {
		this.broker = broker;
		this.http = http;
	}

	@EventListener
	void ready(ApplicationReadyEvent event) {
		if (event.getApplicationContext() instanceof WebServerApplicationContext web) {
			WebServer server = web.getWebServer();
			if (server != null) {
				logger.info("Health, topics and metrics are at {}/actuator", httpUrl(server.getPort()));
			}
		}
		logger.info("Ready. An application connects with{}", clientConfiguration());
	}

	private String httpUrl(int port) {
		InetAddress configured = this.http.getAddress();
		return httpUrl((configured != null) ? configured : this.broker.address().getAddress(), port);
	}

	/** A URL that works on this machine. */
	static String httpUrl(InetAddress address, int port) {
		String host = address.isAnyLocalAddress() ? "localhost" : address.getHostAddress();
		return "http://" + ((host.indexOf(':') >= 0) ? "[" + host + "]" : host) + ":" + port;
	}

	private String clientConfiguration() {
		StringBuilder yaml = new StringBuilder(String.format(Locale.ROOT,
				"%n  weir:%n    client:%n      service-url: %s%n", this.broker.serviceUrl()));
		if (this.broker.isSelfSigned()) {
			yaml.append(
					String.format(Locale.ROOT, "      ssl.fingerprint: %s%n", this.broker.certificateFingerprint()));
		}
		return yaml.toString();
	}

}
