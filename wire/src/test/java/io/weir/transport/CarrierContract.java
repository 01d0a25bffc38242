package io.weir.transport;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import org.junit.jupiter.api.Test;

import io.weir.concurrent.Causes;
import io.weir.transport.tls.ClientTls;
import io.weir.transport.tls.ServerTls;
import io.weir.wire.BrokerLimit;
import io.weir.wire.Budgets;
import io.weir.wire.ErrorCode;
import io.weir.wire.Frame;
import io.weir.wire.ProtocolException;

import static io.weir.transport.CarrierFixture.PATIENCE;
import static io.weir.transport.CarrierFixture.assertFails;
import static io.weir.transport.CarrierFixture.failure;
import static io.weir.transport.CarrierFixture.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** What every carrier must do: with connections, and with their streams. */
public abstract class CarrierContract extends StreamsContract {

	@Test
	void codeAndReasonOfAConnectionsEndMustReachTheOtherSide() {
		RequestStream stream = fixture().openTo(fixture().serve(CarrierFixture::answer));
		Connection connection = stream.stream().connection();
		get(stream.ping(PATIENCE));
		CompletableFuture<Frame> waiting = stream.request(new Frame.Ok());
		connection.close(ErrorCode.UNAUTHENTICATED, "as the test wants");
		ProtocolException there = get(fixture().onlyAccepted().closed());
		assertThat(there.code()).isEqualTo(ErrorCode.UNAUTHENTICATED);
		assertThat(there).hasMessage("as the test wants");
		assertThat(get(connection.closed()).code()).isEqualTo(ErrorCode.UNAUTHENTICATED);
		assertFails(waiting, ErrorCode.UNAUTHENTICATED);
		assertThat(connection.isOpen()).isFalse();
	}

	@Test
	void closingTheServerMustFailWaitingRequestsWithItsReason() {
		TransportServer server = fixture().serve(CarrierFixture::drop);
		Connection connection = fixture().connect(server);
		RequestStream stream = get(RequestStream.open(connection));
		CompletableFuture<Frame> waiting = stream.request(new Frame.Ok());
		fixture().onlyHeard();
		get(server.close());
		assertFails(waiting, ErrorCode.GOING_AWAY);
		assertThat(get(connection.closed())).hasMessageContaining("The broker is shutting down");
		assertThat(stream.isOpen()).isFalse();
		assertFails(stream.request(new Frame.Ok()), ErrorCode.GOING_AWAY);
		assertFails(RequestStream.open(connection), ErrorCode.GOING_AWAY);
	}

	@Test
	void aSilentPeerMustLoseTheConnectionByHeartbeat() {
		Connection connection = fixture().connect(fixture().serve(CarrierFixture::drop));
		Heartbeat.start(get(RequestStream.openControl(connection)), Duration.ofMillis(20));
		assertThat(get(connection.closed()).code()).isEqualTo(ErrorCode.HEARTBEAT_TIMEOUT);
	}

	@Test
	void connectionsOverTheBudgetMustBeRefused() {
		Budgets budgets = new Budgets((limit) -> (limit == BrokerLimit.CONNECTIONS) ? 1 : Long.MAX_VALUE);
		TransportServer server = fixture().serve(TransportOptions.DEFAULTS, budgets, CarrierFixture::answer);
		Connection first = fixture().connect(server);
		assertThat(refusal(server)).isEqualTo(ErrorCode.OVERLOADED);
		get(first.close(ErrorCode.NONE, "makes room"));
		await().atMost(PATIENCE).until(() -> budgets.of(BrokerLimit.CONNECTIONS).used() == 0);
		get(RequestStream.open(fixture().connect(server)));
	}

	/** A client may have begun to hope before it hears of it. */
	private ErrorCode refusal(TransportServer server) {
		return get(fixture().connecting(server, fixture().trusting())
			.thenCompose(Connection::closed)
			.handle((end, failure) -> (end != null) ? end.code()
					: ((ProtocolException) Causes.unwrap(failure)).code()));
	}

	@Test
	void nobodyListeningMustBeUnreachable() {
		TransportServer server = fixture().serve(CarrierFixture::answer);
		get(server.close());
		assertFails(
				fixture().transport(TransportOptions.DEFAULTS.withConnectTimeout(Duration.ofMillis(300)))
					.connect(server.address(), fixture().trusting(), (stream) -> CarrierFixture::drop),
				ErrorCode.UNREACHABLE);
	}

	@Test
	void aPortInUseMustBeNamed() {
		TransportServer server = fixture().serve(CarrierFixture::answer);
		CompletionStage<TransportServer> another = fixture().transport(TransportOptions.DEFAULTS)
			.bind(server.address(), fixture().tls(), (connection) -> (stream) -> CarrierFixture::drop);
		assertFails(another, ErrorCode.INVALID_CONFIGURATION);
		assertThat(failure(another)).hasMessageContaining(String.valueOf(server.address().getPort()))
			.hasMessageContaining("in use");
	}

	@Test
	void onlyTheCertificateThatIsPinnedMustBeTrusted() {
		TransportServer server = fixture().serve(CarrierFixture::answer);
		String other = ServerTls.selfSigned().fingerprint();
		CompletionStage<Connection> refused = fixture().connecting(server, ClientTls.pinned(other));
		assertFails(refused, ErrorCode.UNTRUSTED_CERTIFICATE);
		assertThat(failure(refused)).hasMessageContaining(fixture().tls().fingerprint() + ", expected " + other);
		get(fixture().connecting(server, ClientTls.insecure()));
	}

	@Test
	void anotherCertificateMustBeShownToThoseWhoConnectLaterAndDisturbNobody() {
		TransportServer server = fixture().serve(CarrierFixture::answer);
		RequestStream before = fixture().openTo(server);
		ServerTls other = ServerTls.selfSigned();
		server.certificate(other);
		assertFails(fixture().connecting(server, fixture().trusting()), ErrorCode.UNTRUSTED_CERTIFICATE);
		get(get(RequestStream.open(get(fixture().connecting(server, ClientTls.pinned(other.fingerprint())))))
			.ping(PATIENCE));
		get(before.ping(PATIENCE));
	}

}
