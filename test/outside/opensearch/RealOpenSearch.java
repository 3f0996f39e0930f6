import java.util.List;
import java.util.Map;
import org.opensearch.analysis.common.CommonAnalysisPlugin;
import org.opensearch.common.settings.Settings;
import org.opensearch.http.HttpServerTransport;
import org.opensearch.ingest.common.IngestCommonPlugin;
import org.opensearch.node.InternalSettingsPreparer;
import org.opensearch.node.Node;
import org.opensearch.painless.PainlessPlugin;
import org.opensearch.transport.Netty4Plugin;

/**
 * One OpenSearch node on loopback, in the folder that the argument names. Prints the port of its HTTP interface, and
 * ends when its standard input does, so that it never outlives the test that started it.
 */
public class RealOpenSearch extends Node {
  private RealOpenSearch(Settings settings) {
    super(
        InternalSettingsPreparer.prepareEnvironment(settings, Map.of(), null, () -> "outside"),
        List.of(
            Netty4Plugin.class,
            CommonAnalysisPlugin.class,
            IngestCommonPlugin.class,
            PainlessPlugin.class),
        false);
  }

  public static void main(String[] arguments) throws Exception {
    Settings settings =
        Settings.builder()
            .put("path.home", arguments[0])
            .put("discovery.type", "single-node")
            .put("network.host", "127.0.0.1")
            .put("http.port", "0")
            .put("transport.port", "0")
            .put("http.type", "netty4")
            .put("transport.type", "netty4")
            .put("cluster.routing.allocation.disk.threshold_enabled", false)
            .build();
    RealOpenSearch node = new RealOpenSearch(settings);
    node.start();
    HttpServerTransport http = node.injector().getInstance(HttpServerTransport.class);
    System.out.println("listening " + http.boundAddress().publishAddress().getPort());
    while (System.in.read() != -1) {}
    System.exit(0);
  }
}
