package io.weir.spring.autoconfigure.broker;

import java.nio.file.Path;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.Errors;
import org.springframework.validation.Validator;

import io.weir.broker.store.Durability;
import io.weir.wire.Limits;

/**
 * What can be configured of a broker, be it an application of its own or embedded.
 *
 * @param port UDP port to listen on, 0 for any free one. The broker application listens
 * on 7750, an embedded broker on any free port.
 * @param bindAddress Address to listen on.
 * @param dataDirectory Directory to keep messages in. The broker application uses
 * ./weir-data; an embedded broker without a directory keeps them in memory.
 * @param durability What a receipt means: that a message is in the broker's memory, with
 * the operating system, or on the disk. Without a data directory only memory is possible,
 * and the default; otherwise fsync.
 * @param maxMessageSize Most bytes that a message, or a batch of messages, may have.
 * @param ssl the broker's certificate
 */
@ConfigurationProperties("weir.broker")
public record WeirBrokerProperties(@Nullable Integer port, @DefaultValue("127.0.0.1") String bindAddress,
		@Nullable Path dataDirectory, @Nullable Durability durability, @DefaultValue("64MB") DataSize maxMessageSize,
		@DefaultValue Ssl ssl) implements Validator {

	private static final int MAX_PORT = 65535;

	private static final DataSize MIN_MESSAGE_SIZE = DataSize.ofKilobytes(1);

	private static final DataSize MAX_MESSAGE_SIZE = DataSize.ofBytes(Limits.MAX_MESSAGE_SIZE);

	@Override
	public boolean supports(Class<?> type) {
		return type == WeirBrokerProperties.class;
	}

	@Override
	public void validate(Object target, Errors errors) {
		WeirBrokerProperties properties = (WeirBrokerProperties) target;
		Integer port = properties.port();
		if (port != null && (port < 0 || port > MAX_PORT)) {
			errors.rejectValue("port", "weir", "must be from 0, which takes any free port, to " + MAX_PORT);
		}
		if (properties.bindAddress().isBlank()) {
			errors.rejectValue("bindAddress", "weir", "must be a host name or an address, such as 0.0.0.0");
		}
		DataSize size = properties.maxMessageSize();
		if (size.compareTo(MIN_MESSAGE_SIZE) < 0 || size.compareTo(MAX_MESSAGE_SIZE) > 0) {
			errors.rejectValue("max-message-size", "weir", "must be from 1KB to 256MB");
		}
	}

	/**
	 * The broker's certificate.
	 *
	 * @param bundle Name of the SSL bundle with the broker's certificate and key. Without
	 * one, the broker makes a self-signed certificate, for development.
	 */
	public record Ssl(@Nullable String bundle) {
	}

}
