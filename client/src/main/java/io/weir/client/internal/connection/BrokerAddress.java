package io.weir.client.internal.connection;

import java.util.regex.Pattern;

import io.weir.wire.Limits;

/**
 * One address of a {@link ServiceUrl}, not resolved.
 *
 * @param host a name or a literal address; an IPv6 address without its brackets
 * @param port the UDP port, from 1 to 65535
 */
public record BrokerAddress(String host, int port) {

	private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]+");

	private static final Pattern IPV6 = Pattern.compile("[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*(%[A-Za-z0-9._-]+)?");

	static BrokerAddress parse(String text) {
		boolean bracketed = text.startsWith("[");
		int hostEnd = bracketed ? text.indexOf(']') : text.indexOf(':');
		if (bracketed && hostEnd < 0) {
			throw new IllegalArgumentException("'" + text + "' lacks the closing bracket");
		}
		if (!bracketed && hostEnd >= 0 && text.indexOf(':', hostEnd + 1) >= 0) {
			throw new IllegalArgumentException("an IPv6 address such as '" + text + "' needs brackets");
		}
		String host = bracketed ? text.substring(1, hostEnd)
				: text.substring(0, (hostEnd < 0) ? text.length() : hostEnd);
		if (!(bracketed ? IPV6 : NAME).matcher(host).matches()) {
			throw new IllegalArgumentException(
					host.isEmpty() ? "a host is missing" : "'" + host + "' is neither a host name nor an address");
		}
		return new BrokerAddress(host, port(text, bracketed ? hostEnd + 1 : (hostEnd < 0) ? text.length() : hostEnd));
	}

	private static int port(String text, int from) {
		if (from == text.length()) {
			return Limits.DEFAULT_PORT;
		}
		String digits = text.substring(from + 1);
		if (text.charAt(from) == ':' && digits.matches("[0-9]{1,5}")) {
			int port = Integer.parseInt(digits);
			if (port >= 1 && port <= 65535) {
				return port;
			}
		}
		throw new IllegalArgumentException("in '" + text + "' a port from 1 to 65535 must follow the host");
	}

	@Override
	public String toString() {
		return ((this.host.indexOf(':') >= 0) ? "[" + this.host + "]" : this.host) + ":" + this.port;
	}

}
