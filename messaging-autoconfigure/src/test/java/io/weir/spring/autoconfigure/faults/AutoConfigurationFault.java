package io.weir.spring.autoconfigure.faults;

import io.weir.fixtures.faults.Change;
import io.weir.fixtures.faults.Mistake;
import io.weir.fixtures.faults.PlantedFault;

/**
 * Mistakes that others have made, or that we could make, in what an application with
 * Spring Boot is given.
 */
@SuppressWarnings("ImmutableEnumChecker") // changes are lambdas without state
enum AutoConfigurationFault implements PlantedFault {

	HEALTH_OF_THE_PROCESS("Health asks whether the process runs and not whether there is a connection",
			"autoconfigure.health.ConnectionHealthIndicator", "status",
			Change.advised(AutoConfigurationAdvice.ReturnsUp.class), AutoConfigurationFault.HEALTH),

	HEALTH_CHECK_CONNECTS("Each health check opens something at the broker",
			"autoconfigure.health.ConnectionHealthIndicator", "health",
			Change.advised(AutoConfigurationAdvice.Subscribes.class), AutoConfigurationFault.HEALTH),

	DEAD_LISTENER_UP("A listener's thread has died while health says UP",
			"autoconfigure.health.ListenersHealthIndicator", "isBroken", Change.returning(false),
			AutoConfigurationFault.HEALTH),

	EMPTY_POOL_UP("A pool that cannot open a stream is told to be well", "autoconfigure.health.PoolHealthIndicator",
			"isBroken", Change.returning(false), AutoConfigurationFault.HEALTH),

	NAMED_BEAN_SERVES_OTHERS("A bean that one listener names serves those that name another", "listener.NamedBeans",
			"get", Change.advised(AutoConfigurationAdvice.TakesTheLast.class), "autoconfigure.ListenerBeansTests"),

	TYPE_IGNORED("Of two listeners on one subscription each is given what its consumer has received",
			"listener.Deliveries", "target", Change.advised(AutoConfigurationAdvice.ReturnsItself.class),
			"autoconfigure.SharedSubscriptionTests"),

	CONSUMERS_LAZY("With lazy initialization consumers and listeners are made when somebody asks for them",
			"autoconfigure.EagerBeans", "isExcluded", Change.returning(false), "autoconfigure.LazyInitializationTests"),

	CLOSING_NOT_AWAITED("The application ends before its producers and consumers are closed",
			"autoconfigure.SideBySideClosing", "destroy", Change.nothing(), "autoconfigure.ClosingBeansTests"),

	UNKNOWN_PROPERTY_PASSED_OVER("A property that nobody knows is passed over",
			"autoconfigure.common.PropertyNamesCheck", "check", Change.nothing(),
			"autoconfigure.PropertyNamesCheckTests"),

	TEMPLATE_WITHOUT_SETTINGS("The template ignores what is configured for its topic", "autoconfigure.TopicSettings",
			"customize", Change.nothing(), "autoconfigure.TemplateBeanTests");

	private static final String HEALTH = "autoconfigure.health.WeirHealthTests";

	private final Mistake mistake;

	AutoConfigurationFault(String description, String type, String method, Change change, String... tests) {
		this.mistake = Mistake.below("io.weir.spring", description, type, method, change, tests);
	}

	@Override
	public Mistake mistake() {
		return this.mistake;
	}

}
