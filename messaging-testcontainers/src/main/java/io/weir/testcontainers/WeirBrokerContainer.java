package io.weir.testcontainers;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.model.ExposedPort;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.PortBinding;
import com.github.dockerjava.api.model.Ports;
import org.jspecify.annotations.Nullable;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.utility.DockerImageName;

/**
 * A broker in a container: its QUIC port is published as UDP, which Testcontainers does
 * not do by itself, and its HTTP port as TCP. It takes everybody, keeps its data in the
 * container and has a self-signed certificate, unless environment variables
 * ({@code WEIR_BROKER_…}) say otherwise. Used by one thread at a time, and closed by who
 * has started it.
 *
 * <pre class="code">
 * try (WeirBrokerContainer broker = new WeirBrokerContainer()) {
 *     broker.start();
 *     WeirClient client = WeirClient.builder()
 *         .serviceUrl(broker.getServiceUrl())
 *         .fingerprint(broker.getFingerprint())
 *         .build();
 *     …
 * }
 * </pre>
 *
 * A random port is another one after a restart of the container.
 */
public final class WeirBrokerContainer extends GenericContainer<WeirBrokerContainer> {

	/** The image that the Dockerfile of the broker application makes, unless told. */
	public static final String DEFAULT_IMAGE = "weir/broker";

	/** The QUIC port in the container, UDP. */
	public static final int PORT = 7750;

	/** The HTTP port in the container, TCP: health, topics and metrics. */
	public static final int HTTP_PORT = 7751;

	/** Of busy machines. */
	private static final Duration STARTUP_TIMEOUT = Duration.ofMinutes(2);

	private static final Pattern FINGERPRINT = Pattern.compile("fingerprint is ([0-9a-f]{64})");

	/** A broker from {@link #DEFAULT_IMAGE}, in its latest version. */
	public WeirBrokerContainer() {
		this(DEFAULT_IMAGE);
	}

	/**
	 * A broker.
	 * @param image the name of its image
	 */
	public WeirBrokerContainer(String image) {
		this(DockerImageName.parse(image));
	}

	/**
	 * A broker.
	 * @param image the name of its image
	 */
	public WeirBrokerContainer(DockerImageName image) {
		super(image);
		withExposedPorts(HTTP_PORT);
		withEnv(Map.of("WEIR_BROKER_BIND_ADDRESS", "0.0.0.0", "WEIR_BROKER_SECURITY_AUTHENTICATION", "none"));
		withCreateContainerCmdModifier(WeirBrokerContainer::publishUdp);
		// Said after the QUIC port is bound, which nothing outside could find out.
		waitingFor(
				Wait.forLogMessage(".*Ready\\. An application connects with.*", 1).withStartupTimeout(STARTUP_TIMEOUT));
	}

	static void publishUdp(CreateContainerCmd command) {
		ExposedPort udp = ExposedPort.udp(PORT);
		ExposedPort[] exposed = command.getExposedPorts();
		List<ExposedPort> all = new ArrayList<>((exposed != null) ? List.of(exposed) : List.of());
		all.add(udp);
		command.withExposedPorts(all);
		HostConfig host = command.getHostConfig();
		if (host == null) {
			host = HostConfig.newHostConfig();
			command.withHostConfig(host);
		}
		Ports bindings = host.getPortBindings();
		if (bindings == null) {
			bindings = new Ports();
		}
		if (!bindings.getBindings().containsKey(udp)) {
			bindings.add(new PortBinding(Ports.Binding.empty(), udp));
		}
		host.withPortBindings(bindings);
	}

	/**
	 * Where clients find the broker.
	 * @return {@code weir://host:port}
	 * @throws IllegalStateException if the container is not running
	 */
	public String getServiceUrl() {
		String port = publishedUdpPort();
		return "weir://" + getHost() + ":" + port;
	}

	private String publishedUdpPort() {
		// The engine is not asked about a container that it never had.
		if (getContainerId() == null || !isRunning()) {
			throw new IllegalStateException("The broker's port is known while its container is running only: start it");
		}
		Ports.Binding[] bindings = getContainerInfo().getNetworkSettings()
			.getPorts()
			.getBindings()
			.get(ExposedPort.udp(PORT));
		if (bindings == null || bindings.length == 0) {
			throw new IllegalStateException("The engine has not published UDP port " + PORT + " of the container");
		}
		return bindings[0].getHostPortSpec();
	}

	/**
	 * The certificate to accept.
	 * @return the SHA-256 of the self-signed certificate that the broker has made, or
	 * {@code null} if it has another one
	 * @throws IllegalStateException if the container has not been started
	 */
	public @Nullable String getFingerprint() {
		Matcher matcher = FINGERPRINT.matcher(getLogs());
		String last = null;
		while (matcher.find()) {
			last = matcher.group(1);
		}
		return last;
	}

	/**
	 * Where health, topics and metrics are.
	 * @return {@code http://host:port}
	 * @throws IllegalStateException if the container is not running
	 */
	public String getHttpUrl() {
		return "http://" + getHost() + ":" + getMappedPort(HTTP_PORT);
	}

}
