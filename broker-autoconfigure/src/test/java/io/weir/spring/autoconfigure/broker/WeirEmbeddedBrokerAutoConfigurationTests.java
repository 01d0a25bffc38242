package io.weir.spring.autoconfigure.broker;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.util.unit.DataSize;

import io.weir.broker.Broker;
import io.weir.broker.BrokerException;
import io.weir.broker.BrokerLimits;
import io.weir.broker.policy.BacklogQuotaPolicy;
import io.weir.broker.policy.SubscriptionPolicies;
import io.weir.broker.policy.TopicDefaults;
import io.weir.broker.policy.TopicPolicies;
import io.weir.broker.security.Authentication;
import io.weir.broker.security.Authenticator;
import io.weir.broker.security.Authorization;
import io.weir.broker.security.Authorizer;
import io.weir.broker.store.Durability;
import io.weir.client.WeirClient;
import io.weir.client.WeirException;
import io.weir.spring.WeirTemplate;
import io.weir.spring.autoconfigure.WeirAutoConfiguration;
import io.weir.spring.autoconfigure.WeirConnectionDetails;
import io.weir.spring.autoconfigure.common.FailureAnalyses;
import io.weir.spring.autoconfigure.common.PropertySink;
import io.weir.wire.BrokerLimit;
import io.weir.wire.ErrorCode;
import io.weir.wire.Limits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class WeirEmbeddedBrokerAutoConfigurationTests {

	private static final String ENVIRONMENT = StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME;

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(WeirEmbeddedBrokerAutoConfiguration.class));

	/** A real broker in memory. */
	private final ApplicationContextRunner embedded = this.runner.withPropertyValues("weir.embedded.enabled=true");

	private final ApplicationContextRunner scripted = this.embedded.withBean(Broker.class, ScriptedBroker::new);

	@Test
	void thereIsNoBrokerUnlessTheApplicationAsksForIt() {
		this.runner.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(Broker.class));
	}

	@Test
	void brokerRunsAsLongAsTheContext() {
		this.embedded.run((context) -> {
			Broker broker = context.getBean(Broker.class);
			assertThat(broker.isRunning()).isTrue();
			context.getSourceApplicationContext().close();
			assertThat(broker.isRunning()).isFalse();
		});
	}

	@Test
	void brokerRunsThoughTheApplicationInitializesItsBeansLazily() {
		this.embedded
			.withInitializer(
					(context) -> context.addBeanFactoryPostProcessor(new LazyInitializationBeanFactoryPostProcessor()))
			.run((context) -> assertThat(
					context.getSourceApplicationContext().getBeanFactory().containsSingleton("weirBroker"))
				.isTrue());
	}

	@Test
	void contextThatIsStoppedOrPutAsideKeepsItsBroker() {
		this.embedded.run((context) -> {
			context.getSourceApplicationContext().stop();
			assertThat(context.getBean(Broker.class).isRunning()).isTrue();
		});
	}

	@Test
	void connectionDetailsLeadToTheBrokerOnItsFreePort() {
		this.embedded.run((context) -> {
			Broker broker = context.getBean(Broker.class);
			assertThat(broker.address().getPort()).isNotZero().isNotEqualTo(Limits.DEFAULT_PORT);
			WeirConnectionDetails details = context.getBean(WeirConnectionDetails.class);
			assertThat(details.getServiceUrl()).isEqualTo(broker.serviceUrl());
			assertThat(details.getFingerprint()).isEqualTo(broker.certificateFingerprint());
		});
	}

	@Test
	void connectionDetailsTakeThePlaceOfTheClientsProperties() {
		this.embedded.withConfiguration(AutoConfigurations.of(WeirAutoConfiguration.class))
			.withPropertyValues("weir.client.service-url=weir://elsewhere:1")
			.run((context) -> assertThat(context.getBean(WeirClient.class).serviceUrl())
				.isEqualTo(context.getBean(Broker.class).serviceUrl()));
	}

	@Test
	void dataDirectoryOfTheEmbeddedBrokerComesBeforeThatOfEveryBroker(@TempDir Path directory) {
		this.embedded
			.withPropertyValues("weir.embedded.data-directory=" + directory.resolve("own"),
					"weir.broker.data-directory=" + directory.resolve("every"))
			.run((context) -> assertThat(context).hasNotFailed());
		assertThat(directory).isDirectoryContaining("glob:**/own").isDirectoryNotContaining("glob:**/every");
	}

	@Test
	void certificateComesFromTheBundle() {
		this.embedded.withConfiguration(AutoConfigurations.of(SslAutoConfiguration.class))
			.withPropertyValues("weir.broker.ssl.bundle=nobody")
			.run((context) -> assertThat(FailureAnalyses.of(context.getStartupFailure()).getDescription())
				.contains("weir.broker.ssl.bundle", "nobody", "There is none at all"));
	}

	@Test
	void customizersHaveTheLastWord() {
		this.embedded.withPropertyValues("weir.broker.bind-address=no.such.host.invalid")
			.withBean(BrokerCustomizer.class, () -> (builder) -> builder.bindAddress("127.0.0.1"))
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void whatTalksToTheBrokerIsClosedFirst() {
		this.embedded.withUserConfiguration(TalkerConfiguration.class).run((context) -> {
			Talker talker = context.getBean(Talker.class);
			context.getSourceApplicationContext().close();
			assertThat(talker.brokerWasThere).isTrue();
		});
	}

	@Test
	void connectionDetailsOfTheApplicationComeFirst() {
		WeirConnectionDetails own = () -> "weir://elsewhere";
		this.embedded.withBean("own", WeirConnectionDetails.class, () -> own)
			.run((context) -> assertThat(context).getBean(WeirConnectionDetails.class).isSameAs(own));
	}

	@Test
	void missingBrokerIsNamedWithItsDependency() {
		this.runner.withPropertyValues("weir.embedded.enabled=true")
			.withClassLoader(new FilteredClassLoader("io.weir.broker"))
			.run((context) -> assertThat(FailureAnalyses.of(context.getStartupFailure()).getAction())
				.contains("io.weir:messaging-broker"));
	}

	@ParameterizedTest
	@CsvSource({ "port, weir.broker.port", "bindAddress, weir.broker.bind-address",
			"dataDirectory, weir.embedded.data-directory", "certificate, weir.broker.ssl.bundle",
			"authentication, weir.broker.security.authentication", "anything, weir.broker" })
	void brokerThatCannotStartSaysWhyAndWhatToLookAt(String setting, String property) {
		ScriptedBroker broker = new ScriptedBroker();
		broker.startFailure = new BrokerException("It cannot start", setting, null);
		this.runner.withBean(Broker.class, broker::start)
			.withPropertyValues("weir.embedded.enabled=true")
			.run((context) -> {
				var analysis = FailureAnalyses.of(context.getStartupFailure());
				assertThat(analysis.getDescription()).contains("It cannot start");
				assertThat(analysis.getAction()).contains(property);
			});
	}

	@Test
	void portOutOfRangeIsRefusedWithKeyValueAndWhatIsAllowed() {
		this.runner.withPropertyValues("weir.embedded.enabled=true", "weir.broker.port=77500")
			.run((context) -> assertThat(FailureAnalyses.of(context.getStartupFailure()).getDescription())
				.contains("weir.broker.port", "77500", "must be from 0", "to 65535"));
	}

	@Test
	void messageSizeOutOfRangeIsRefusedWithKeyValueAndWhatIsAllowed() {
		this.runner.withPropertyValues("weir.embedded.enabled=true", "weir.broker.max-message-size=257MB")
			.run((context) -> assertThat(FailureAnalyses.of(context.getStartupFailure()).getDescription())
				.contains("weir.broker.max-message-size", "269484032B", "from 1024 to 268435456 bytes"));
	}

	@Test
	void negativeRoomForTheStoreIsRefusedWithKeyValueAndWhatIsAllowed() {
		this.runner.withPropertyValues("weir.embedded.enabled=true", "weir.broker.storage-min-free=-1MB")
			.run((context) -> assertThat(FailureAnalyses.of(context.getStartupFailure()).getDescription())
				.contains("weir.broker.storage-min-free", "-1048576B", "must be 0 (no limit) or more"));
	}

	@Test
	void everyLimitOfTheBrokerCanBeSet() {
		BrokerLimits lowest = BrokerLimits.defaults();
		List<String> properties = new ArrayList<>();
		for (BrokerLimit limit : BrokerLimit.values()) {
			lowest = lowest.with(limit, limit.min());
			properties.add("weir.broker.limits." + limit.key() + "=" + limit.min());
		}
		BrokerLimits expected = lowest;
		this.scripted.withPropertyValues(properties.toArray(String[]::new))
			.run((context) -> assertThat(
					context.getBean(WeirBrokerProperties.class).limits().toBrokerLimits(PropertySink.checked()))
				.isEqualTo(expected));
	}

	@Test
	void limitOutOfRangeIsRefusedWithKeyValueAndWhatIsAllowed() {
		this.runner.withPropertyValues("weir.embedded.enabled=true", "weir.broker.limits.connect-timeout=5ms")
			.run((context) -> assertThat(FailureAnalyses.of(context.getStartupFailure()).getDescription())
				.contains("weir.broker.limits.connect-timeout", "PT0.005S", "must be from 100 to 3600000 ms"));
	}

	@Test
	void defaultsOfTopicsCountByPatternOfTheirNames() {
		this.embedded.withPropertyValues("weir.broker.topic-defaults[0].pattern=audit.*",
				"weir.broker.topic-defaults[0].retention-time=365d", "weir.broker.topic-defaults[1].backlog-quota=1GB",
				"weir.broker.topic-defaults[1].backlog-quota-policy=drop-oldest",
				"weir.broker.topic-defaults[1].subscription.max-redeliveries=3")
			.run((context) -> {
				List<TopicDefaults> defaults = WeirTopicDefaults
					.toDefaults(context.getBean(WeirBrokerProperties.class).topicDefaults(), PropertySink.checked());
				assertThat(defaults).containsExactly(
						new TopicDefaults("audit.*",
								TopicPolicies.builder().retentionTime(Duration.ofDays(365)).build()),
						new TopicDefaults("*", null,
								TopicPolicies.builder()
									.backlogQuota(1L << 30)
									.backlogQuotaPolicy(BacklogQuotaPolicy.DROP_OLDEST)
									.build(),
								SubscriptionPolicies.builder().maxRedeliveries(3).build()));
			});
	}

	@Test
	void defaultOfTopicsThatIsWrongIsRefusedWithKeyValueAndWhatIsAllowed() {
		this.runner
			.withPropertyValues("weir.embedded.enabled=true",
					"weir.broker.topic-defaults[0].subscription.redelivery-jitter=2")
			.run((context) -> assertThat(FailureAnalyses.of(context.getStartupFailure()).getDescription())
				.contains("weir.broker.topic-defaults[0].subscription.redelivery-jitter", "must be from 0 to 1"));
	}

	@Test
	void defaultsThatDropWhatCompactionKeepsAreRefused() {
		ApplicationContextRunner embedded = this.runner.withPropertyValues("weir.embedded.enabled=true",
				"weir.broker.topic-defaults[0].pattern=prices.*", "weir.broker.topic-defaults[0].compaction=true");
		embedded.withPropertyValues("weir.broker.topic-defaults[0].backlog-quota-policy=drop-oldest")
			.run((context) -> assertThat(FailureAnalyses.of(context.getStartupFailure()).getDescription()).contains(
					"weir.broker.topic-defaults[0].backlog-quota-policy", "must be REFUSE or BLOCK with compaction"));
		embedded
			.withPropertyValues("weir.broker.topic-defaults[1].pattern=*",
					"weir.broker.topic-defaults[1].backlog-quota-policy=drop-oldest")
			.run((context) -> assertThat(FailureAnalyses.of(context.getStartupFailure()).getDescription())
				.contains("weir.broker.topic-defaults", "of the topics of pattern 'prices.*', since by pattern '*'"));
	}

	private static WeirBrokerProperties.Limits limits(int connectionsPerAddress) {
		return new WeirBrokerProperties.Limits(null, connectionsPerAddress, null, null, null, null, null, null, null,
				null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null,
				null, null, null, null);
	}

	@Test
	void brokerThatOthersCanReachTakesAnybodyOnlyIfTold() {
		ApplicationContextRunner open = this.embedded.withPropertyValues("weir.broker.bind-address=0.0.0.0");
		open.run((context) -> {
			var analysis = FailureAnalyses.of(context.getStartupFailure());
			assertThat(analysis.getDescription()).contains("On 0.0.0.0 the broker would take anybody");
			assertThat(analysis.getAction()).contains("weir.broker.security.authentication");
		});
		open.withPropertyValues("weir.broker.security.authentication=none")
			.run((context) -> assertThat(context).hasNotFailed());
		open.withBean(Authenticator.class, Authenticator::none).run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void authenticatorBeanAndNoneContradictEachOther() {
		this.embedded.withBean(Authenticator.class, Authenticator::none)
			.withPropertyValues("weir.broker.security.authentication=none")
			.run((context) -> assertThat(FailureAnalyses.of(context.getStartupFailure()).getDescription())
				.contains("weir.broker.security.authentication", "none", "There is an Authenticator bean"));
	}

	@Test
	void unknownAuthenticationIsRefusedWithKeyValueAndWhatIsAllowed() {
		this.runner.withPropertyValues("weir.embedded.enabled=true", "weir.broker.security.authentication=passwords")
			.run((context) -> assertThat(FailureAnalyses.of(context.getStartupFailure()).getDescription())
				.contains("weir.broker.security.authentication", "passwords", "must be none"));
	}

	@Test
	void clientsAreCheckedByTheAuthenticatorAndTheAuthorizerOfTheApplication() {
		this.embedded.withConfiguration(AutoConfigurations.of(WeirAutoConfiguration.class))
			.withBean(Authenticator.class,
					() -> (credentials) -> CompletableFuture
						.completedStage(new Authentication.Authenticated(() -> String.valueOf(credentials.token()))))
			.withBean(Authorizer.class, () -> (principal,
					operation) -> CompletableFuture.completedStage(operation.topic().name().equals(principal.getName())
							? new Authorization.Granted() : new Authorization.Denied("it is not yours")))
			.withPropertyValues("weir.client.auth.token=alice")
			.run((context) -> {
				WeirTemplate template = context.getBean(WeirTemplate.class);
				assertThat(template.send("alice", "hello")).isNotNull();
				assertThatExceptionOfType(WeirException.class).isThrownBy(() -> template.send("bob", "hello"))
					.satisfies((refused) -> assertThat(refused.code()).isEqualTo(ErrorCode.UNAUTHORIZED))
					.withMessageContaining("'alice' may not publish to topic 'bob': it is not yours");
			});
	}

	@Test
	void unknownDurabilityIsRefusedWithWhatIsAllowed() {
		this.runner.withPropertyValues("weir.embedded.enabled=true", "weir.broker.durability=quick").run((context) -> {
			var analysis = FailureAnalyses.of(context.getStartupFailure());
			assertThat(analysis.getDescription()).contains("weir.broker.durability", "quick");
			assertThat(analysis.getAction()).contains("MEMORY", "OS", "FSYNC");
		});
	}

	@Test
	void environmentVariablesAreUnderstood() {
		Map<String, Object> variables = Map.of("WEIR_BROKER_PORT", "7760", "WEIR_BROKER_BIND_ADDRESS", "0.0.0.0",
				"WEIR_BROKER_DATA_DIRECTORY", "/var/lib/weir", "WEIR_BROKER_DURABILITY", "os",
				"WEIR_BROKER_MAX_MESSAGE_SIZE", "8MB", "WEIR_BROKER_STORAGE_MIN_FREE", "3MB",
				"WEIR_BROKER_SECURITY_AUTHENTICATION", "none", "WEIR_BROKER_LIMITS_CONNECTIONSPERADDRESS", "17");
		this.scripted
			.withInitializer((context) -> context.getEnvironment()
				.getPropertySources()
				.replace(ENVIRONMENT, new SystemEnvironmentPropertySource(ENVIRONMENT, variables)))
			.run((context) -> assertThat(context.getBean(WeirBrokerProperties.class))
				.isEqualTo(new WeirBrokerProperties(7760, "0.0.0.0", Path.of("/var/lib/weir"), false, Durability.OS,
						DataSize.ofMegabytes(8), DataSize.ofMegabytes(3), new WeirBrokerProperties.Ssl(null),
						new WeirBrokerProperties.Security("none"), limits(17), List.of())));
	}

	@Configuration(proxyBeanMethods = false)
	static class TalkerConfiguration {

		@Bean
		Talker talker(WeirConnectionDetails details) {
			return new Talker(details);
		}

	}

	static final class Talker implements AutoCloseable {

		private final WeirConnectionDetails details;

		private boolean brokerWasThere;

		Talker(WeirConnectionDetails details) {
			this.details = details;
		}

		@Override
		public void close() {
			this.brokerWasThere = !this.details.getServiceUrl().isEmpty();
		}

	}

}
