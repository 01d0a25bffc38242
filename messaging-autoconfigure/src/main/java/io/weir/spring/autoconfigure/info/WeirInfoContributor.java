package io.weir.spring.autoconfigure.info;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import org.springframework.boot.actuate.info.Info;
import org.springframework.boot.actuate.info.InfoContributor;

import io.weir.client.ConnectionInfo;
import io.weir.client.WeirClient;
import io.weir.spring.WeirClients;
import io.weir.wire.Limits;

/**
 * Tells under {@code weir} which version this is, and how it talks to which broker. Says
 * what the client knows; connects to nothing.
 */
final class WeirInfoContributor implements InfoContributor {

	/** What the address of a broker in this JVM begins with. */
	private static final String IN_PROCESS = "vm://";

	private final WeirClients clients;

	WeirInfoContributor(WeirClients clients) {
		this.clients = clients;
	}

	@Override
	public void contribute(Info.Builder builder) {
		Map<String, Object> details = new LinkedHashMap<>();
		// The manifest of a jar has it, a directory of classes does not.
		String version = WeirClient.class.getPackage().getImplementationVersion();
		if (version != null) {
			details.put("version", version);
		}
		details.put("protocol", Limits.ALPN);
		details.putAll(details(this.clients.defaultClient()));
		Map<String, Object> further = new LinkedHashMap<>();
		this.clients.further().forEach((name, client) -> further.put(name, details(client)));
		if (!further.isEmpty()) {
			details.put("clients", further);
		}
		builder.withDetail("weir", details);
	}

	private static Map<String, Object> details(WeirClient client) {
		String url = client.serviceUrl();
		return Map.of("carrier", url.startsWith(IN_PROCESS) ? "memory" : "QUIC", "serviceUrl", url, "brokers",
				brokers(client));
	}

	/** The addresses of those that there is a connection to. */
	private static List<String> brokers(WeirClient client) {
		return client.connections()
			.stream()
			.map(ConnectionInfo::address)
			.filter(Objects::nonNull)
			.map(Object::toString)
			.distinct()
			.toList();
	}

}
