package raftkv.kv;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Checks the structure of a tree: depth, fill, order, separators and counts. */
final class TreeShape {
  int leaves;

  private int leafDepth = -1;

  static TreeShape check(Node root) {
    TreeShape shape = new TreeShape();
    shape.check(root, 0, null, null);
    return shape;
  }

  private void check(Node node, int depth, byte @Nullable [] from, byte @Nullable [] behind) {
    if (depth > 0) {
      require(node.size >= Node.MIN && node.size <= Node.MAX, "fill");
    }
    if (node instanceof Leaf leaf) {
      checkLeaf(leaf, depth, from, behind);
    } else {
      checkInner((Inner) node, depth, from, behind);
    }
  }

  private void checkLeaf(Leaf leaf, int depth, byte @Nullable [] from, byte @Nullable [] behind) {
    leaves++;
    if (leafDepth < 0) {
      leafDepth = depth;
    }
    require(depth == leafDepth, "equal depth");
    byte[] last = null;
    for (int i = 0; i < leaf.size; i++) {
      byte[] key = leaf.entries[i].keyArray();
      require(last == null || Arrays.compareUnsigned(last, key) < 0, "order");
      require(from == null || Arrays.compareUnsigned(from, key) <= 0, "order");
      require(behind == null || Arrays.compareUnsigned(key, behind) < 0, "order");
      last = key;
    }
    for (int i = leaf.size; i < Node.MAX; i++) {
      require(leaf.entries[i] == null, "free places hold nothing");
    }
  }

  private void checkInner(
      Inner inner, int depth, byte @Nullable [] from, byte @Nullable [] behind) {
    require(inner.size > 1, "more than one child");
    long count = 0;
    for (int i = 0; i < inner.size; i++) {
      byte[] lower = i == 0 ? from : inner.separators[i];
      byte[] upper = i == inner.size - 1 ? behind : inner.separators[i + 1];
      check(inner.children[i], depth + 1, lower, upper);
      count += inner.children[i].count();
    }
    require(inner.count() == count, "count");
    for (int i = inner.size; i < Node.MAX; i++) {
      require(inner.children[i] == null, "free places hold nothing");
    }
  }

  private static void require(boolean holds, String rule) {
    if (!holds) {
      throw new AssertionError(rule);
    }
  }
}
