package io.weir.spring.autoconfigure.broker;

import java.util.function.Supplier;

import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;

import io.weir.wire.ProtocolException;

/** What an endpoint was asked for, and tells the caller if that is refused. */
final class EndpointRequest {

	private EndpointRequest() {
	}

	/**
	 * Has a broker carry it out.
	 * @throws InvalidEndpointRequestException with the reason, if the broker refuses or
	 * an argument is not allowed
	 */
	static <T> T carryOut(Supplier<T> action) {
		try {
			return action.get();
		}
		catch (IllegalArgumentException | ProtocolException ex) {
			throw refused(String.valueOf(ex.getMessage()));
		}
	}

	/** The caller is told the reason, which is also what is logged. */
	static InvalidEndpointRequestException refused(String reason) {
		return new InvalidEndpointRequestException(reason, reason);
	}

}
