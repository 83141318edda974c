// Starts the client.
import { QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { RouterProvider } from 'react-router/dom';
import { ApiError } from './api/client';
import { router } from './app';
import './styles/index.css';

const queries = new QueryClient({
  queryCache: new QueryCache({
    // A session that ended elsewhere is noticed by whatever asks next.
    onError: (error, query) => {
      if (error instanceof ApiError && error.status === 401 && query.queryKey[0] !== 'me') {
        void queries.resetQueries({ queryKey: ['me'] });
      }
    },
  }),
  defaultOptions: {
    queries: {
      retry: (count, error) => count < 4 && error instanceof ApiError && error.passing,
      refetchOnWindowFocus: false,
      networkMode: 'always',
    },
  },
});

const root = document.getElementById('root');
if (root) {
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={queries}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </StrictMode>,
  );
}
