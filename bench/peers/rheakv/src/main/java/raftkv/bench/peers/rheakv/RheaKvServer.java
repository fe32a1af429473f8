package raftkv.bench.peers.rheakv;

import com.alipay.sofa.jraft.rhea.client.DefaultRheaKVStore;
import com.alipay.sofa.jraft.rhea.options.RheaKVStoreOptions;
import com.alipay.sofa.jraft.rhea.options.configured.PlacementDriverOptionsConfigured;
import com.alipay.sofa.jraft.rhea.options.configured.RheaKVStoreOptionsConfigured;
import com.alipay.sofa.jraft.rhea.options.configured.RocksDBOptionsConfigured;
import com.alipay.sofa.jraft.rhea.options.configured.StoreEngineOptionsConfigured;
import com.alipay.sofa.jraft.rhea.storage.StorageType;
import com.alipay.sofa.jraft.util.Endpoint;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/**
 * A node of RheaKV with its defaults: RocksDB below, the log forced before it counts (sync is true
 * by default in its RaftOptions), one region.
 */
public final class RheaKvServer {
  static final String CLUSTER = "bench";

  private RheaKvServer() {}

  /** Arguments: the addresses of all nodes with commas, which of them this is, its directory. */
  public static void main(String[] arguments) throws InterruptedException {
    List<String> addresses = List.of(arguments[0].split(",", -1));
    String own = addresses.get(Integer.parseInt(arguments[1]) - 1);
    int colon = own.lastIndexOf(':');
    Path directory = Path.of(arguments[2]);
    RheaKVStoreOptions options =
        RheaKVStoreOptionsConfigured.newConfigured()
            .withClusterName(CLUSTER)
            .withInitialServerList(arguments[0])
            .withStoreEngineOptions(
                StoreEngineOptionsConfigured.newConfigured()
                    .withStorageType(StorageType.RocksDB)
                    .withRocksDBOptions(
                        RocksDBOptionsConfigured.newConfigured()
                            .withDbPath(directory.resolve("db").toString())
                            .config())
                    .withRaftDataPath(directory.resolve("raft").toString())
                    .withServerAddress(
                        new Endpoint(
                            own.substring(0, colon), Integer.parseInt(own.substring(colon + 1))))
                    .config())
            .withPlacementDriverOptions(
                PlacementDriverOptionsConfigured.newConfigured().withFake(true).config())
            .config();
    if (!new DefaultRheaKVStore().init(options)) {
      System.err.println("RheaKV does not start");
      System.exit(1);
    }
    System.out.println("started " + own);
    new CountDownLatch(1).await();
  }
}
