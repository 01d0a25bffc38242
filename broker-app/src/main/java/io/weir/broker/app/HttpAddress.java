package io.weir.broker.app;

import org.springframework.boot.web.server.ConfigurableWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.stereotype.Component;

import io.weir.broker.Broker;

/**
 * Has HTTP listen where the broker does, unless {@code server.address} is set. The broker
 * has started when this is made, so that it is the one that complains of a wrong address.
 */
@Component
final class HttpAddress implements WebServerFactoryCustomizer<ConfigurableWebServerFactory> {

	private final Broker broker;

	private final ServerProperties server;

	HttpAddress(Broker broker, ServerProperties server) {
		this.broker = broker;
		this.server = server;
	}

	@Override
	public void customize(ConfigurableWebServerFactory factory) {
		if (this.server.getAddress() == null) {
			factory.setAddress(this.broker.address().getAddress());
		}
	}

}
