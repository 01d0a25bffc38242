package io.weir.client;

import java.time.Duration;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

import javax.net.ssl.TrustManagerFactory;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.netty.pkitesting.X509Bundle;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

import io.weir.client.internal.connection.ConnectionManager;
import io.weir.message.Schema;
import io.weir.wire.ErrorCode;
import io.weir.wire.Frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Each reason why a client cannot connect has its own code and says what to check: to
 * whoever waits for the connection, to whoever creates a producer, and in the log.
 */
@Timeout(60)
class ConnectFailuresTest {

	private static final Duration TODAY = Duration.ofHours(-1);

	/** Where nobody answers; where somebody does a slow machine may take longer. */
	private static final Duration SOON_LOST = Duration.ofSeconds(2);

	private final BrokenServers servers = new BrokenServers();

	private final ListAppender<ILoggingEvent> log = new ListAppender<>();

	private final Logger logger = (Logger) LoggerFactory.getLogger(ConnectionManager.class);

	@BeforeEach
	void listen() {
		this.log.list = new CopyOnWriteArrayList<>();
		this.log.start();
		this.logger.addAppender(this.log);
	}

	@AfterEach
	void close() {
		this.logger.detachAppender(this.log);
		this.servers.close();
	}

	@Test
	void packetsThatAreDropped() throws Exception {
		assertFails(at(this.servers.silent()).connectTimeout(SOON_LOST), ErrorCode.UNREACHABLE, "No answer from",
				"network let UDP through");
	}

	@Test
	void portOfTcp() throws Exception {
		assertFails(at(this.servers.tcp()).connectTimeout(SOON_LOST), ErrorCode.UNREACHABLE, "No answer from",
				"is this its UDP port");
	}

	@Test
	void hostThatNobodyKnows() {
		// A label of a name has at most 63 characters (RFC 1035), so nobody is asked.
		String host = "x".repeat(64) + ".invalid";
		assertFails(builder("weir://" + host), ErrorCode.UNREACHABLE, "Unknown host: " + host, "name resolution");
	}

	@Test
	void serverOfAnotherProtocol() throws Exception {
		assertFails(at(this.servers.ofProtocol("h3")).insecure(), ErrorCode.UNSUPPORTED_VERSION,
				"does not speak weir/1", "is it a Weir broker");
	}

	@Test
	void brokerOfALaterVersionOnly() throws Exception {
		assertFails(at(this.servers.ofProtocol("weir/2")).insecure(), ErrorCode.UNSUPPORTED_VERSION,
				"does not speak weir/1", "versions that fit");
	}

	@Test
	void certificateOfAnUnknownIssuer() throws Exception {
		X509Bundle authority = BrokenServers.authority().buildSelfSigned();
		int port = this.servers.broker(BrokenServers.certificate(authority, "localhost", TODAY));
		assertFails(at(port), ErrorCode.UNTRUSTED_CERTIFICATE, "nobody who is trusted here has issued it",
				"CN=Test authority", "trust that");
	}

	@Test
	void certificateThatHasExpired() throws Exception {
		X509Bundle authority = BrokenServers.authority().buildSelfSigned();
		int port = this.servers.broker(BrokenServers.certificate(authority, "localhost", Duration.ofDays(-3)));
		assertFails(trusting(port, authority), ErrorCode.UNTRUSTED_CERTIFICATE, "has expired", "renew it", "clock");
	}

	@Test
	void certificateThatIsNotValidYet() throws Exception {
		X509Bundle authority = BrokenServers.authority().buildSelfSigned();
		int port = this.servers.broker(BrokenServers.certificate(authority, "localhost", Duration.ofDays(3)));
		assertFails(trusting(port, authority), ErrorCode.UNTRUSTED_CERTIFICATE, "not valid yet", "clocks");
	}

	@Test
	void certificateOfAnotherHost() throws Exception {
		X509Bundle authority = BrokenServers.authority().buildSelfSigned();
		int port = this.servers.broker(BrokenServers.certificate(authority, "broker.example", TODAY));
		assertFails(trusting(port, authority), ErrorCode.UNTRUSTED_CERTIFICATE, "for another host", "localhost",
				"good for broker.example");
	}

	@Test
	void certificateThatIsGood() throws Exception {
		X509Bundle authority = BrokenServers.authority().buildSelfSigned();
		int port = this.servers.broker(BrokenServers.certificate(authority, "localhost", TODAY));
		try (WeirClient client = trusting(port, authority).build()) {
			client.connected().toCompletableFuture().get(10, TimeUnit.SECONDS);
		}
	}

	@Test
	void tokenThatTheBrokerRefuses() {
		int port = this.servers.saying((stream, id, frame) -> stream.write(id,
				new Frame.ErrorReply(ErrorCode.UNAUTHENTICATED, "This token is not known")));
		assertFails(at(port).insecure().token("wrong"), ErrorCode.UNAUTHENTICATED, "This token is not known");
	}

	@Test
	void brokerThatIsStuck() {
		int port = this.servers.saying((stream, id, frame) -> frame.release());
		assertFails(at(port).insecure().connectTimeout(SOON_LOST), ErrorCode.TIMEOUT, "No answer to CONNECT",
				"stuck or overloaded");
	}

	private static WeirClientBuilder at(int port) {
		return builder("weir://localhost:" + port);
	}

	private static WeirClientBuilder trusting(int port, X509Bundle authority) {
		return at(port).trust(() -> trustManagers(authority));
	}

	private static TrustManagerFactory trustManagers(X509Bundle authority) {
		try {
			return authority.toTrustManagerFactory();
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static WeirClientBuilder builder(String serviceUrl) {
		return WeirClient.builder().serviceUrl(serviceUrl).connectTimeout(Duration.ofSeconds(10));
	}

	private void assertFails(WeirClientBuilder builder, ErrorCode code, String... advice) {
		try (WeirClient client = builder.build()) {
			assertThatExceptionOfType(ExecutionException.class)
				.isThrownBy(() -> client.connected().toCompletableFuture().get(20, TimeUnit.SECONDS))
				.havingCause()
				.isInstanceOfSatisfying(WeirException.class, (failure) -> assertThat(failure.code()).isEqualTo(code))
				.satisfies((failure) -> assertThat(failure.getMessage()).contains(advice));
			assertThat(client.connections().get(0).lastFailure()).isNotNull()
				.satisfies((failure) -> assertThat(failure.getMessage()).contains(advice));
			assertThatExceptionOfType(WeirException.class)
				.isThrownBy(
						() -> client.producer(Schema.string()).topic("t").sendTimeout(Duration.ofMillis(100)).create())
				.satisfies((failure) -> {
					assertThat(failure.code()).isEqualTo(code.retryable() ? ErrorCode.TIMEOUT : code);
					assertThat(failure.getMessage()).contains(code.name()).contains(advice);
				});
		}
		assertThat(this.log.list).filteredOn((event) -> event.getLevel() == Level.WARN)
			.first()
			.satisfies((event) -> assertThat(event.getFormattedMessage()).startsWith("Cannot connect to weir://")
				.contains(code.name())
				.contains(advice));
	}

}
